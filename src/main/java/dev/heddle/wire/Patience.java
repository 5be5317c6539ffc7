package dev.heddle.wire;

import java.time.Duration;

import dev.heddle.gates.StallWatch;
import dev.heddle.gates.StallWatch.Guard;

/// How long one read or write may make no progress (`stall`), and who ends it then. Thread-safe.
public record Patience(StallWatch watch, Duration stall) {
    /// Runs one write, and ends it as soon as it makes no progress for too long.
    public void run(Runnable write) {
        Guard guard = begin();
        try (guard) {
            write.run();
        }
    }

    public Guard begin() {
        return watch.watch(stall);
    }
}
