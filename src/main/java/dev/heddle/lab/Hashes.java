package dev.heddle.lab;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256, over and over; ends when interrupted.
final class Hashes {
    private static final int ROUNDS_BETWEEN_LOOKS = 4_096;

    private Hashes() {
    }

    /// The hash of the hash … of `text`, `rounds` (1 or more) times, in hexadecimal.
    static String repeated(String text, int rounds) throws InterruptedException {
        MessageDigest sha256 = sha256();
        byte[] hash = text.getBytes(StandardCharsets.UTF_8);
        for (int round = 0; round < rounds; round++) {
            hash = sha256.digest(hash);
            if (round % ROUNDS_BETWEEN_LOOKS == 0 && Thread.interrupted()) {
                throw new InterruptedException("interrupted while hashing");
            }
        }
        return HexFormat.of().formatHex(hash);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
