package dev.heddle.wire;

import java.time.Duration;

import dev.heddle.gates.StallWatch;
import dev.heddle.gates.StallWatch.Guard;

/// How long one read or write may make no progress (`stall`), and who ends it then. Thread-safe.
public record Patience(StallWatch watch, Duration stall) {
    /// Watches the calling thread over one read or write, until the guard is closed.
    public Guard begin() {
        return watch.watch(stall);
    }
}
