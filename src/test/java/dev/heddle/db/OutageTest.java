package dev.heddle.db;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import dev.heddle.gates.Unavailable;
import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.jdbc.PoolSettings;
import dev.heddle.postgres.LocalPostgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageTest {
    private static final Path PROGRAMS = Path.of("target");
    private static final Duration BACK_AGAIN = Duration.ofSeconds(2);

    private static final Duration PAUSE = Duration.ofMillis(10);

    @TempDir
    private Path data;

    private final AtomicBoolean isOver = new AtomicBoolean();
    private final AtomicLong acknowledged = new AtomicLong();
    private final ConcurrentLinkedQueue<RuntimeException> failures = new ConcurrentLinkedQueue<>();

    @Test
    void aRestartOfTheServerLosesNothingAndIsOverSoon() throws InterruptedException {
        LocalPostgres postgres = LocalPostgres.start(data, PROGRAMS);
        try (Database db = Database.open(settings(), postgres.jdbcUrl())) {
            db.update("create table written (id bigint constraint written_pkey primary key)");
            var writers = new CountDownLatch(8);
            for (int writer = 0; writer < 8; writer++) {
                long first = writer * 1_000_000L;
                Thread.ofVirtual().start(() -> write(db, first, writers));
            }
            await().until(() -> acknowledged.get() > 100);

            postgres.close();
            await().until(() -> failures.size() > 8);
            assertFalse(db.isReachable(Duration.ofSeconds(1)));
            postgres = LocalPostgres.start(data, PROGRAMS);

            long before = acknowledged.get();
            await().atMost(BACK_AGAIN).pollInterval(Duration.ofMillis(10)).until(() -> acknowledged.get() > before);
            assertTrue(db.isReachable(Duration.ofSeconds(1)));
            isOver.set(true);
            writers.await();
            assertEquals(List.of(), failures.stream().filter(failure -> !(failure instanceof Unavailable)).toList());
            long kept = db.one("select count(*) as n from written", row -> row.number("n")).orElseThrow();
            assertTrue(kept >= acknowledged.get(), kept + " kept of " + acknowledged);
        } finally {
            isOver.set(true);
            postgres.close();
        }
    }

    // A client that is refused waits a little; eight that do not would leave the two carriers to nobody else.
    private void write(Database db, long first, CountDownLatch writers) {
        for (long id = first; !isOver.get(); id++) {
            try {
                db.update("insert into written values (?)", id);
                acknowledged.incrementAndGet();
            } catch (RuntimeException e) {
                failures.add(e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        writers.countDown();
    }

    private static DatabaseSettings settings() {
        var pool = new PoolSettings(4, 1, Duration.ofHours(1), Duration.ofSeconds(30), Duration.ofSeconds(1),
                Duration.ofMillis(250));
        return new DatabaseSettings("", "", "", pool, Duration.ofSeconds(30));
    }
}
