package dev.heddle.jdbc;

import java.time.Duration;

/// How many connections to keep, for how long, and how long to wait for one.
///
/// `maximum` is 1 to 1,000, `idle` 0 to `maximum`; `lifetime` is at least 30 s and `keepalive` too (HikariCP's bounds);
/// `queue` and `connect` are more than zero.
public record PoolSettings(int maximum, int idle, Duration lifetime, Duration keepalive, Duration connect,
        Duration queue) {
    private static final Duration LEAST = Duration.ofSeconds(30);

    public PoolSettings {
        require(maximum >= 1 && maximum <= 1000, "maximum " + maximum);
        require(idle >= 0 && idle <= maximum, "idle " + idle);
        require(lifetime.compareTo(LEAST) >= 0, "lifetime " + lifetime);
        require(keepalive.compareTo(LEAST) >= 0 && keepalive.compareTo(lifetime) < 0, "keepalive " + keepalive);
        require(connect.compareTo(Duration.ofMillis(250)) >= 0, "connect " + connect);
        require(queue.isPositive(), "queue " + queue);
    }

    private static void require(boolean holds, String value) {
        if (!holds) {
            throw new IllegalArgumentException(value + " is out of bounds");
        }
    }
}
