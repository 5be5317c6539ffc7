package dev.heddle.jdbc;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import java.time.Duration;

import dev.heddle.jdbc.PoolSettings;
import dev.heddle.settings.Page;

/// Which database, and how much of it.
///
/// `url` is a JDBC URL, or empty for the embedded PostgreSQL; `user` and `password` are empty where the URL holds them.
/// `statementTimeout` bounds each statement, whatever the deadline: 1 ms to 1 day.
public record DatabaseSettings(String url, String user, String password, PoolSettings pool, Duration statementTimeout) {

    public DatabaseSettings {
        if (!url.isEmpty() && !url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("db.url does not begin with jdbc:postgresql:");
        }
        if (statementTimeout.toMillis() < 1 || statementTimeout.compareTo(ofDays(1)) > 0) {
            throw new IllegalArgumentException("statementTimeout " + statementTimeout + " is not 1 ms to 1 day");
        }
    }

    /// Reads the page `db`.
    ///
    /// @throws dev.heddle.settings.CannotStart if a value is out of its bounds
    public static DatabaseSettings read(Page page) {
        return new DatabaseSettings(page.text("url", ""), page.text("user", ""), page.text("password", ""),
                readPool(page), page.duration("statement.timeout", ofSeconds(30), ofMillis(100), ofDays(1)));
    }

    private static PoolSettings readPool(Page page) {
        int maximum = page.integer("pool.size", 20, 1, 1000);
        int idle = page.integer("pool.idle", Math.min(5, maximum), 0, maximum);
        Duration lifetime = page.duration("pool.lifetime", ofHours(1), ofMinutes(1), ofDays(7));
        return new PoolSettings(maximum, idle, lifetime,
                page.duration("pool.keepalive", ofSeconds(30), ofSeconds(30), lifetime.minusSeconds(1)),
                page.duration("connect.timeout", ofSeconds(1), ofMillis(250), ofMinutes(1)),
                page.duration("gate.queue", ofMillis(250), ofMillis(1), ofMinutes(1)));
    }

    /// Without user and password, which the URL may hold, too.
    @Override
    public String toString() {
        return "DatabaseSettings[" + pool + ", statementTimeout=" + statementTimeout + "]";
    }
}
