package dev.heddle.server;

import java.time.Duration;

import dev.heddle.settings.Page;

/// Which threads handlers run on that do not choose, how many platform threads there are, and how long the line before
/// them may be.
public record ThreadSettings(Kind kind, int platformPoolSize, Duration longestQueue) {
    private static final int TOMCATS = 200;

    /// Virtual threads, one a request; or a bounded pool of platform threads.
    public enum Kind {
        VIRTUAL, PLATFORM
    }

    public ThreadSettings {
        if (platformPoolSize < 1) {
            throw new IllegalArgumentException("platformPoolSize " + platformPoolSize + " is under 1");
        }
    }

    /// The default size is that of Tomcat's pool.
    public static ThreadSettings read(Page page) {
        return new ThreadSettings(page.choice("kind", Kind.VIRTUAL, Kind.class),
                page.integer("platform-pool-size", TOMCATS, 1, 10_000),
                page.duration("longest-queue", Duration.ofSeconds(30), Duration.ofMillis(1), Duration.ofHours(1)));
    }
}
