package dev.heddle.gzip;

import org.jspecify.annotations.Nullable;

/// Bytes that are the same for everybody, compressed once and not for each who asks. Thread-safe.
public final class Fixed {
    private final byte[] plain;
    // Made when first asked for, twice if two ask at once.
    private volatile byte @Nullable [] compressed;

    /// The bytes must not be changed any more.
    public Fixed(byte[] plain) {
        this.plain = plain;
    }

    /// The bytes as they are.
    public byte[] plain() {
        return plain;
    }

    /// The bytes as gzip.
    public byte[] compressed() {
        byte[] made = compressed;
        if (made == null) {
            made = GzipOutput.compressed(plain);
            compressed = made;
        }
        return made;
    }
}
