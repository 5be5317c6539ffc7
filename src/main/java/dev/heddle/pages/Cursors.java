package dev.heddle.pages;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import dev.heddle.web.Failure;

/// Makes and reads cursors: the place in a list up to which a caller has read, opaque and signed, so that it can
/// neither be guessed nor be used on another list. All nodes share the key. Thread-safe.
public final class Cursors {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SIGNATURE_BYTES = 16;

    private final SecretKeySpec key;

    /// `key` has at least 32 bytes.
    public Cursors(byte[] key) {
        if (key.length < 32) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes is shorter than 32");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /// The cursors of one list; `name` tells it from every other, a search's own words included.
    public Scope scope(String name) {
        return new Scope(name);
    }

    public final class Scope {
        private final String name;

        private Scope(String name) {
            this.name = name;
        }

        /// The cursor that asks for what comes after the element with this id.
        public String after(long id) {
            return seal(ByteBuffer.allocate(Long.BYTES).putLong(id).array());
        }

        /// The cursor that asks for what comes after the element with this id.
        public String after(UUID id) {
            return seal(ByteBuffer.allocate(2 * Long.BYTES).putLong(id.getMostSignificantBits())
                    .putLong(id.getLeastSignificantBits()).array());
        }

        private String seal(byte[] place) {
            byte[] cursor = Arrays.copyOf(place, place.length + SIGNATURE_BYTES);
            System.arraycopy(sign(place), 0, cursor, place.length, SIGNATURE_BYTES);
            return encode(cursor);
        }

        /// The id after which to go on; 0 where there is no cursor yet.
        ///
        /// @throws Failure if the cursor was not made by [#after(long)] for this list
        public long read(Optional<String> cursor) {
            return cursor.isEmpty() ? 0 : open(cursor.get(), Long.BYTES).getLong();
        }

        /// The id after which to go on; none where there is no cursor yet.
        ///
        /// @throws Failure if the cursor was not made by [#after(UUID)] for this list
        public Optional<UUID> readUuid(Optional<String> cursor) {
            return cursor.map(text -> {
                ByteBuffer place = open(text, 2 * Long.BYTES);
                return new UUID(place.getLong(), place.getLong());
            });
        }

        private ByteBuffer open(String cursor, int placeBytes) {
            byte[] bytes = decode(cursor, placeBytes + SIGNATURE_BYTES);
            byte[] place = Arrays.copyOf(bytes, placeBytes);
            byte[] signature = Arrays.copyOfRange(bytes, placeBytes, bytes.length);
            if (!MessageDigest.isEqual(signature, Arrays.copyOf(sign(place), SIGNATURE_BYTES))) {
                throw forged();
            }
            return ByteBuffer.wrap(place);
        }

        private byte[] sign(byte[] place) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                mac.update(name.getBytes(StandardCharsets.UTF_8));
                mac.update((byte) 0);
                return mac.doFinal(place);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(ALGORITHM + " is part of every Java platform", e);
            }
        }
    }

    /// Base64 ignores some bits of the last character; of the texts that mean the same bytes only ours is a cursor.
    private static byte[] decode(String cursor, int wanted) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == wanted && encode(bytes).equals(cursor)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // Not Base64: forged as well.
        }
        throw forged();
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static Failure forged() {
        return Failure.unreadable("the cursor was not made by this list");
    }
}
