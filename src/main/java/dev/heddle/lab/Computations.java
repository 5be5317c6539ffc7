package dev.heddle.lab;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongUnaryOperator;

/// Work for the processor that is really done, number by number and round by round, because the work is the point; it ends
/// when it is interrupted.
public final class Computations {
    private static final long NUMBERS_BETWEEN_LOOKS = 1 << 20;
    private static final int ROUNDS_BETWEEN_LOOKS = 4_096;

    private Computations() {
    }

    /// 0 + 1 + … + (n − 1), for `n` up to 4 × 10⁹.
    public static long sumBelow(long n) throws InterruptedException {
        return sum(n, i -> i);
    }

    /// 0² + 1² + … + (n − 1)², for `n` up to 3 × 10⁶.
    static long sumOfSquaresBelow(long n) throws InterruptedException {
        return sum(n, i -> i * i);
    }

    private static long sum(long n, LongUnaryOperator term) throws InterruptedException {
        long sum = 0;
        for (long begin = 0; begin < n; begin += NUMBERS_BETWEEN_LOOKS) {
            long end = Math.min(n, begin + NUMBERS_BETWEEN_LOOKS);
            for (long i = begin; i < end; i++) {
                sum += term.applyAsLong(i);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while adding up");
            }
        }
        return sum;
    }

    /// The hash of the hash … of `text`, `rounds` (1 or more) times, in hexadecimal.
    static String hashed(String text, int rounds) throws InterruptedException {
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
