package dev.heddle.answers;

import java.util.concurrent.ThreadLocalRandom;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;

/// What a request is called in its answer and in the log: as its caller calls it, or else a random number.
public final class RequestId {
    public static final HeaderName NAME = HeaderNames.create("X-Request-Id");
    private static final int MOST_CHARACTERS = 64;

    private RequestId() {
    }

    /// The id that the caller gave, if it is 1 to 64 letters, digits, dots, dashes and underscores: it goes into logs and
    /// headers, where anything else could be read as a line of its own.
    public static String of(Headers headers) {
        if (headers.contains(NAME) && isPlain(headers.get(NAME).values())) {
            return headers.get(NAME).values();
        }
        return Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!isLetterOrDigit && "._-".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST_CHARACTERS;
    }
}
