package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.function.Executable;

/// Measures how well a time is kept; the best of five goes counts, since others may have taken the processor meanwhile.
public final class Stopwatch {
    private Stopwatch() {
    }

    /// Fails if the fastest of five goes at `work` takes less than `least`, or `under` or more.
    public static void assertTakes(Duration least, Duration under, Executable work) {
        Duration took = IntStream.range(0, 5).mapToObj(_ -> time(work)).min(Duration::compareTo).orElseThrow();
        assertTrue(took.compareTo(least) >= 0 && took.compareTo(under) < 0, () -> "took " + took);
    }

    private static Duration time(Executable work) {
        long start = System.nanoTime();
        try {
            work.execute();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
