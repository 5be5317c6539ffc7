package dev.heddle.answers;

import java.util.concurrent.ThreadLocalRandom;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.ServerResponseHeaders;

/// What every answer bears: which request it is for, and since when that was at work.
public record Mark(String requestId, long startNanos) {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName PROCESS_TIME = HeaderNames.create("X-Process-Time");
    private static final int MOST_CHARACTERS = 64;

    /// From now on; the request is called as its caller calls it (`X-Request-Id`), or else by a random number. A name
    /// goes into logs and headers, so it is 1 to 64 letters, digits, dots, dashes and underscores.
    public static Mark of(Headers headers) {
        String given = headers.contains(REQUEST_ID) ? headers.get(REQUEST_ID).values() : "";
        String id = isPlain(given) ? given : Long.toHexString(ThreadLocalRandom.current().nextLong());
        return new Mark(id, System.nanoTime());
    }

    public void write(ServerResponseHeaders headers) {
        headers.set(REQUEST_ID, requestId);
        headers.set(PROCESS_TIME, seconds(nanos()));
    }

    public long nanos() {
        return System.nanoTime() - startNanos;
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

    /// Microseconds are what a clock can tell; written by hand because `String.format` would cost more than a query.
    private static String seconds(long nanos) {
        long micros = nanos / 1_000;
        String fraction = String.valueOf(micros % 1_000_000);
        return micros / 1_000_000 + "." + "000000".substring(fraction.length()) + fraction;
    }
}
