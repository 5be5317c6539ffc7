package dev.heddle.db;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.Unavailable;
import dev.heddle.jdbc.DatabaseSettings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Database DB = DATABASE.open();
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofMillis(100);

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void aStatementIsCancelledAtTheDeadline() {
        assertCutInTime(() -> sleep(DB, "30"));

        assertNothingRuns("pg_sleep(30)");
    }

    @Test
    void aTransactionIsCutAtTheDeadlineAndRolledBack() {
        DB.update("create table kept (id int)");

        assertCutInTime(() -> DB.inTransaction(_ -> {
            DB.update("insert into kept values (1)");
            return sleep(DB, "31");
        }));

        assertEquals(Optional.of(0L), DB.one("select count(*) as n from kept", row -> row.number("n")));
        assertNothingRuns("pg_sleep(31)");
    }

    @Test
    void aSoonerDeadlineWithinATransactionCutsIt() {
        assertThrows(DeadlinePassed.class, () -> DB.inTransaction(_ -> {
            // A second go is not possible in the same transaction, so the bound is wider.
            assertTrue(cut(() -> sleep(DB, "32")).compareTo(SHORT.plus(GRACE.multipliedBy(5))) <= 0);
            return true;
        }), "what was cut cannot be committed");
    }

    @Test
    void aDeadlineThatHasPassedAsksNothing() {
        Deadline.in(Duration.ZERO).run(() -> assertThrows(DeadlinePassed.class, () -> ask(DB)));
    }

    @Test
    void aTransactionIsNotCommittedAfterItsDeadline() {
        DB.update("create table late (id int)");

        Deadline.in(SHORT).run(() -> assertThrows(DeadlinePassed.class, () -> DB.inTransaction(_ -> {
            DB.update("insert into late values (1)");
            await().pollInterval(Duration.ofMillis(5)).until(Deadline.current()::isPassed);
            return true;
        })));

        assertEquals(Optional.of(0L), DB.one("select count(*) as n from late", row -> row.number("n")));
    }

    @Test
    void theStatementTimeoutBoundsWhatHasNoDeadline() {
        var settings = DATABASE.settings(1);
        Database hasty = DATABASE
                .open(new DatabaseSettings(settings.url(), "", "", settings.pool(), Duration.ofMillis(200)));

        assertThrows(DeadlinePassed.class, () -> sleep(hasty, "33"));
        assertEquals(1, ask(hasty));
    }

    @Test
    void aCutNeverHitsTheNextUser() throws Exception {
        Database one = DATABASE.open(DATABASE.settings(1));

        for (int round = 0; round < 40; round++) {
            Duration about = Duration.ofMillis(5 + round % 3);
            try {
                Deadline.in(about).call(() -> sleep(one, "0.006"));
            } catch (DeadlinePassed _) {
                // About every second time: the race is what is wanted.
            }
            sleep(one, "0.003");
        }
    }

    @Test
    void anInterruptEndsTheQueryAndKeepsTheFlag() throws Exception {
        assertInterruptible(Thread.ofVirtual(), "pg_sleep(34)");
    }

    @Test
    void anInterruptReachesAPlatformThread() throws Exception {
        assertInterruptible(Thread.ofPlatform(), "pg_sleep(35)");
    }

    private static void assertInterruptible(Thread.Builder threads, String call) throws Exception {
        var outcome = new CompletableFuture<Boolean>();
        Thread thread = threads.start(() -> {
            try {
                DB.one("select 1 as n from " + call, row -> row.number("n"));
            } catch (CancellationException _) {
                outcome.complete(Thread.currentThread().isInterrupted());
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        await().until(() -> runs(call));

        thread.interrupt();

        assertTrue(outcome.get());
        assertNothingRuns(call);
        assertEquals(0, DB.stats().active());
        for (int round = 0; round < 10; round++) {
            assertEquals(1, ask(DB));
        }
    }

    @Test
    void anInterruptEndsTheWaitInLine() throws Exception {
        Database one = DATABASE.open(DATABASE.settings(1));
        var isTaken = new CountDownLatch(1);
        var isOver = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> one.inTransaction(_ -> {
                isTaken.countDown();
                return hold(isOver);
            }));
            isTaken.await();
            var outcome = new CompletableFuture<Boolean>();
            Thread waiting = Thread.ofVirtual().start(() -> {
                try {
                    ask(one);
                } catch (CancellationException _) {
                    outcome.complete(Thread.currentThread().isInterrupted());
                }
            });
            await().until(() -> one.stats().waiting() == 1);

            waiting.interrupt();

            assertTrue(outcome.get());
            isOver.countDown();
        }
    }

    @Test
    void whoComesWhenTooManyWaitIsRefusedAtOnce() throws Exception {
        Database one = DATABASE.open(DATABASE.settings(1));
        var isTaken = new CountDownLatch(1);
        var isOver = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            threads.submit(() -> one.inTransaction(_ -> {
                isTaken.countDown();
                return hold(isOver);
            }));
            isTaken.await();
            threads.submit(() -> ask(one));
            await().until(() -> one.stats().waiting() == 1);

            await().untilAsserted(() -> assertThrows(Unavailable.class,
                    () -> Deadline.in(Duration.ofMillis(50)).call(() -> ask(one))));

            assertTrue(one.isReachable(Duration.ofSeconds(1)), "a full house is not an absence");
            isOver.countDown();
        }
    }

    private static boolean hold(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A frozen server process neither answers nor hears a cancel; its client must not freeze with it.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFrozenServerProcessIsLeftBehind(boolean isVirtual) throws Exception {
        Database one = DATABASE.open(DATABASE.settings(1));
        long pid = one.one("select pg_backend_pid() as pid", row -> row.number("pid")).orElseThrow();
        signal("STOP", pid);
        var outcome = new CompletableFuture<Duration>();

        Thread.Builder threads = isVirtual ? Thread.ofVirtual() : Thread.ofPlatform();
        threads.start(() -> outcome.complete(cut(() -> ask(one))));

        try {
            // Once is all there is to measure: the connection to the frozen process is gone then. So the bound is wider.
            assertTrue(outcome.get(5, TimeUnit.SECONDS).compareTo(SHORT.plus(GRACE.multipliedBy(5))) <= 0);
            assertEquals(1, ask(one));
        } finally {
            signal("CONT", pid);
        }
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor());
    }

    /// The best of five goes counts, since others may have taken the processor meanwhile.
    private static void assertCutInTime(Runnable work) {
        Duration took = cut(work);
        for (int go = 1; go < 5 && took.compareTo(SHORT.plus(GRACE)) > 0; go++) {
            took = cut(work);
        }
        assertTrue(took.compareTo(SHORT.plus(GRACE)) <= 0, "took " + took);
    }

    /// How long it took until `work` was given up, which must not be before the deadline.
    private static Duration cut(Runnable work) {
        long begin = System.nanoTime();
        Deadline.in(SHORT).run(() -> assertThrows(DeadlinePassed.class, work::run));
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.compareTo(SHORT) >= 0, "took " + took);
        return took;
    }

    private static long sleep(Database db, String seconds) {
        return db.one("select 1 as n from pg_sleep(" + seconds + ")", row -> row.number("n")).orElseThrow();
    }

    private static long ask(Database db) {
        return db.one("select 1 as n", row -> row.number("n")).orElseThrow();
    }

    private static void assertNothingRuns(String call) {
        await().atMost(Duration.ofSeconds(1)).pollInterval(Duration.ofMillis(20)).until(() -> !runs(call));
    }

    private static boolean runs(String call) {
        return DB.one("""
                select 1 as n
                from pg_stat_activity
                where state = 'active' and query like '%' || ? || '%' and pid <> pg_backend_pid()
                """, row -> row.number("n"), call).isPresent();
    }
}
