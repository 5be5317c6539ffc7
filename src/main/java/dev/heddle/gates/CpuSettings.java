package dev.heddle.gates;

import java.time.Duration;

import dev.heddle.settings.Page;

/// How many threads compute, and how long the line before them may be.
public record CpuSettings(int threads, Duration longestQueue) {
    public CpuSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("threads " + threads + " is under 1");
        }
    }

    /// One thread less than there are cores, so that one core is left to everything else; but at least 1.
    public static CpuSettings read(Page page) {
        return new CpuSettings(page.integer("threads", CpuPool.defaultThreads(), 1, 1_000),
                page.duration("longest-queue", Duration.ofSeconds(5), Duration.ofMillis(1), Duration.ofMinutes(10)));
    }
}
