package dev.heddle.claims;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// Ids that follow the time, so that new rows stand beside each other: UUID version 7 (RFC 9562 section 5.7).
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern CANONICAL = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private Ids() {
    }

    /// A new id of this millisecond; the other 74 bits are random.
    public static UUID next() {
        long high = System.currentTimeMillis() << 16 | 0x7000 | RANDOM.nextInt(1 << 12);
        long low = RANDOM.nextLong() >>> 2 | 1L << 63;
        return new UUID(high, low);
    }

    /// The id that `text` is; none if it is not one as we write them.
    public static Optional<UUID> read(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
