package dev.heddle.tasks;

import java.time.Duration;

/// How many tasks of a kind run at once on one node (1 to 1,000), how often one may fail until it has failed for good (1 to
/// 100; 1 = never tried again), and how long one try may take (more than nothing, at most a day).
///
/// A try that ends because its node stops, or is gone, does not count as failed.
public record Rules(int atOnce, int attempts, Duration timeout) {
    private static final Duration LONGEST = Duration.ofDays(1);

    public Rules {
        if (atOnce < 1 || atOnce > 1_000) {
            throw new IllegalArgumentException("atOnce " + atOnce);
        }
        if (attempts < 1 || attempts > 100) {
            throw new IllegalArgumentException("attempts " + attempts);
        }
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("timeout " + timeout);
        }
    }
}
