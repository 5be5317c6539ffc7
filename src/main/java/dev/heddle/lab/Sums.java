package dev.heddle.lab;

import java.util.function.LongUnaryOperator;

/// Sums that are really added up, number by number, because the work is the point; they end when interrupted.
final class Sums {
    private static final long NUMBERS_BETWEEN_LOOKS = 1 << 20;

    private Sums() {
    }

    /// 0 + 1 + … + (n − 1), for `n` up to 4 × 10⁹.
    static long below(long n) throws InterruptedException {
        return of(n, i -> i);
    }

    /// 0² + 1² + … + (n − 1)², for `n` up to 3 × 10⁶.
    static long ofSquaresBelow(long n) throws InterruptedException {
        return of(n, i -> i * i);
    }

    private static long of(long n, LongUnaryOperator term) throws InterruptedException {
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
}
