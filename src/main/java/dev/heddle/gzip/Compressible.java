package dev.heddle.gzip;

import java.util.Set;

/// Which answers are worth compressing: text of some length. Images and archives are compressed already.
public final class Compressible {
    /// What fits into one packet anyway gains nothing.
    public static final int LEAST_BYTES = 1_000;

    private static final Set<String> TYPES = Set.of("application/json", "application/x-ndjson",
            "application/javascript",
            "application/xml", "image/svg+xml");

    private Compressible() {
    }

    /// Whether a `Content-Type` in lower case, without parameters, is text.
    public static boolean isText(String mediaType) {
        return mediaType.startsWith("text/") || TYPES.contains(mediaType) || mediaType.endsWith("+json")
                || mediaType.endsWith("+xml");
    }
}
