package dev.heddle.formats;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import dev.heddle.web.Failure;

/// The formats of pictures that are read here.
public enum Format {
    JPEG("image/jpeg"), PNG("image/png"), GIF("image/gif");

    /// How many bytes at the beginning tell formats apart.
    public static final int TELLING_BYTES = 12;

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    public String mediaType() {
        return mediaType;
    }

    /// The format of the file that begins with `start`, whatever its name or its sender says.
    ///
    /// @throws Failure if it is none of these. WebP is not, because no pure Java library for it is kept up.
    public static Format of(byte[] start) {
        if (begins(start, 0, PNG_SIGNATURE)) {
            return PNG;
        } else if (begins(start, 0, new byte[]{(byte) 0xFF, (byte) 0xD8, (byte) 0xFF})) {
            return JPEG;
        } else if (begins(start, 0, ascii("GIF87a")) || begins(start, 0, ascii("GIF89a"))) {
            return GIF;
        }
        boolean isWebp = begins(start, 0, ascii("RIFF")) && begins(start, 8, ascii("WEBP"));
        throw Failure.of(Failure.Kind.UNSUPPORTED_TYPE,
                isWebp ? "WebP is not read here, only JPEG, PNG and GIF" : "the file is no JPEG, PNG or GIF");
    }

    private static boolean begins(byte[] start, int at, byte[] with) {
        return start.length >= at + with.length && Arrays.equals(start, at, at + with.length, with, 0, with.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
