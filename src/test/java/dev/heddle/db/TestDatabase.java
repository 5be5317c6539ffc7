package dev.heddle.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.jdbc.PoolSettings;
import dev.heddle.postgres.LocalPostgres;

/// An empty database of one's own, on a real PostgreSQL that all tests of this process share.
///
///     private static final TestDatabase DATABASE = TestDatabase.create();
///
/// Closing it closes what it opened and drops it.
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "test_" + COUNT.incrementAndGet();
    private final Deque<Database> opened = new ArrayDeque<>();

    private TestDatabase() {
    }

    public static TestDatabase create() {
        var created = new TestDatabase();
        administer("create database " + created.name);
        return created;
    }

    /// Where it is, user and password included.
    public String jdbcUrl() {
        return Shared.POSTGRES.jdbcUrl(name);
    }

    /// A pool of four, in front of which requests queue for up to 250 ms.
    public DatabaseSettings settings() {
        return settings(4);
    }

    /// As [#settings()], with a pool of `size`.
    public DatabaseSettings settings(int size) {
        var pool = new PoolSettings(size, 1, Duration.ofHours(1), Duration.ofSeconds(30), Duration.ofSeconds(1),
                Duration.ofMillis(250));
        return new DatabaseSettings(jdbcUrl(), "", "", pool, Duration.ofSeconds(30));
    }

    /// A pool to it, with the tables made. Closed with this, if not before.
    public Database open() {
        return open(settings());
    }

    public Database open(DatabaseSettings settings) {
        Database database = Database.open(settings, settings.url());
        opened.push(database);
        return database;
    }

    @Override
    public void close() {
        opened.forEach(Database::close);
        administer("drop database " + name + " with (force)");
    }

    private static void administer(String sql) {
        try (Connection connection = DriverManager.getConnection(Shared.POSTGRES.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /// Started by the first test that needs it, stopped when the process ends.
    private static final class Shared {
        private static final LocalPostgres POSTGRES = start();

        private static LocalPostgres start() {
            try {
                Path data = Files.createTempDirectory("heddle-test-");
                LocalPostgres postgres = LocalPostgres.start(data, Path.of("target"));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres, data)));
                return postgres;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void stop(LocalPostgres postgres, Path data) {
            postgres.close();
            try (Stream<Path> all = Files.walk(data)) {
                all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
