package dev.heddle.tasks;

import static dev.heddle.tasks.Desk.awaitEnd;
import static dev.heddle.tasks.Desk.awaitTask;
import static dev.heddle.tasks.TasksTest.kind;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Gather;
import dev.heddle.tasks.Task.Progress;
import dev.heddle.tasks.Task.Status;
import dev.heddle.tasks.TasksTest.Name;
import dev.heddle.web.Failure;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who may do something to a task: cancel, retry, stop, and what a try that lost its task can still do.
class OwnershipTest {
    private static final Desk DESK = new Desk();
    private static final Rules ONCE = new Rules(10, 1, Duration.ofSeconds(60));
    private static final Name DATA = new Name("x");

    @BeforeAll
    static void makeTable() {
        DESK.db.update("create table effects (task text not null, step integer not null)");
    }

    @AfterAll
    static void close() {
        DESK.close();
    }

    @Test
    void aWaitingTaskThatIsCancelledNeverRuns() {
        var runs = new AtomicInteger();
        try (Tasks tasks = DESK.node(kind("waits", ONCE, (_, _) -> runs.incrementAndGet()))) {
            Task made = DESK.db.inTransaction(tx -> tasks.cancel(tasks.enqueue(NewTask.of("waits", DATA)).taskId()));
            awaitEnd(tasks, tasks.enqueue(NewTask.of("waits", DATA)));

            assertEquals(Status.CANCELLED, tasks.find(made.taskId()).orElseThrow().status());
            assertEquals(1, runs.get());
        }
    }

    @Test
    void aRunningTaskIsCancelledFromWhateverNode() throws InterruptedException {
        var sleeper = new Sleeper();
        try (Tasks one = DESK.node(sleeper.kind("sleeps"));
                Tasks other = DESK.node(kind("else", ONCE, (_, _) -> null))) {
            Task here = one.enqueue(NewTask.of("sleeps", DATA));
            sleeper.awaitStart();
            one.cancel(here.taskId());
            sleeper.awaitInterrupt();
            Task there = one.enqueue(NewTask.of("sleeps", DATA));
            sleeper.awaitStart();
            other.cancel(there.taskId());
            sleeper.awaitInterrupt();

            assertEquals(Status.CANCELLED, one.find(here.taskId()).orElseThrow().status());
            assertEquals(Status.CANCELLED, one.find(there.taskId()).orElseThrow().status());
            assertEquals(Status.CANCELLED, one.cancel(there.taskId()).status(), "to cancel it again changes nothing");
        }
    }

    @Test
    void whatIsFinishedCannotBeCancelledNorWhatIsNotBeRetried() {
        var sleeper = new Sleeper();
        try (Tasks tasks = DESK.node(kind("ends", ONCE, (_, _) -> null), sleeper.kind("goes-on"))) {
            Task done = awaitEnd(tasks, tasks.enqueue(NewTask.of("ends", DATA)));
            Task running = tasks.enqueue(NewTask.of("goes-on", DATA));

            assertConflict(() -> tasks.cancel(done.taskId()));
            assertConflict(() -> tasks.retry(done.taskId()));
            assertConflict(() -> tasks.retry(running.taskId()));
            tasks.cancel(running.taskId());
        }
    }

    private static void assertConflict(Runnable change) {
        assertEquals(Failure.Kind.CONFLICT, assertThrows(Failure.class, change::run).kind());
    }

    @Test
    void aTryThatLostItsTaskChangesNothing() throws Exception {
        var cancelled = new CountDownLatch(1);
        var outcome = new CompletableFuture<Exception>();
        var deaf = kind("deaf", ONCE, (_, run) -> {
            awaitDeaf(cancelled);
            try {
                run.inTransaction(tx -> effect(run, 1));
                outcome.complete(new Exception("committed"));
            } catch (CancellationException e) {
                outcome.complete(e);
            }
            run.progress(9, 10);
            return "too late";
        });
        try (Tasks tasks = DESK.node(deaf)) {
            Task made = tasks.enqueue(NewTask.of("deaf", DATA));
            awaitTask(tasks, made, each -> each.status() == Status.RUNNING);
            Task before = tasks.cancel(made.taskId());
            cancelled.countDown();

            assertEquals(CancellationException.class, outcome.get(60, TimeUnit.SECONDS).getClass());
            await().until(() -> tasks.running() == 0);
            assertEquals(before, tasks.find(made.taskId()).orElseThrow());
            assertEquals(0, effects(made));
        }
    }

    @Test
    void whoRunsItAgainOwnsItAlone() throws Exception {
        var first = new CountDownLatch(1);
        var second = new CountDownLatch(1);
        var kind = kind("twice", new Rules(2, 1, Duration.ofSeconds(60)), (data, run) -> {
            if (data.equals(DATA) && run.attempt() == 1) {
                awaitDeaf(first);
                assertThrows(CancellationException.class, () -> run.inTransaction(tx -> effect(run, 1)));
                return "first";
            } else if (!data.equals(DATA)) {
                return "third";
            }
            run.inTransaction(tx -> effect(run, 2));
            second.await(60, TimeUnit.SECONDS);
            return "second";
        });
        try (Tasks tasks = DESK.node(kind)) {
            Task made = tasks.enqueue(NewTask.of("twice", DATA));
            awaitTask(tasks, made, each -> each.status() == Status.RUNNING);
            tasks.cancel(made.taskId());
            tasks.retry(made.taskId());
            awaitTask(tasks, made, each -> each.status() == Status.RUNNING);
            first.countDown();
            // It finds a place only when the end of the first try has been written, or dropped.
            awaitEnd(tasks, tasks.enqueue(NewTask.of("twice", new Name("third"))));
            second.countDown();
            Task done = awaitEnd(tasks, made);
            await().until(() -> tasks.running() == 0);

            assertEquals("\"second\"", String.valueOf(done.result()));
            assertEquals(2, done.attempts());
            assertEquals(done, tasks.find(made.taskId()).orElseThrow());
            assertEquals(1, effects(made));
        }
    }

    @Test
    void progressNeverGoesBack() throws InterruptedException {
        var races = kind("races", new Rules(10, 3, Duration.ofSeconds(60)), (_, run) -> {
            Gather.all(Collections.nCopies(4, () -> {
                for (int i = 0; i < 200; i++) {
                    run.progress(ThreadLocalRandom.current().nextInt(200),
                            ThreadLocalRandom.current().nextInt(200, 400));
                    Thread.onSpinWait();
                }
                return true;
            }));
            run.progress(run.attempt() * 10, 400);
            if (run.attempt() < 3) {
                throw new IllegalStateException("again");
            }
            return null;
        });
        try (Tasks tasks = DESK.node(Map.of("HEDDLE_TASKS_PROGRESS", "10ms"), races)) {
            Task seen = tasks.enqueue(NewTask.of("races", DATA));
            var steps = new ArrayList<>(List.of(seen.progress()));
            while (!seen.status().isFinal()) {
                seen = tasks.awaitChange(seen, Duration.ofSeconds(60)).orElseThrow();
                steps.add(seen.progress());
            }

            for (int i = 1; i < steps.size(); i++) {
                Progress before = steps.get(i - 1);
                Progress after = steps.get(i);
                assertTrue(after.current() >= before.current() && after.percent() >= before.percent(), steps::toString);
            }
            assertEquals(100, seen.progress().percent());
        }
    }

    @Test
    void theLastProgressIsSeenWithoutAnother() {
        var sleeper = new Sleeper();
        try (Tasks tasks = DESK.node(sleeper.kind("reports"))) {
            Task made = tasks.enqueue(NewTask.of("reports", DATA));

            Task seen = awaitTask(tasks, made, each -> each.progress().current() == 3);

            assertEquals(new Progress(3, 4, 75), seen.progress());
            tasks.cancel(made.taskId());
        }
    }

    @Test
    void whoHoldsOneTaskHoldsUpNoOther() throws Exception {
        var open = new CountDownLatch(1);
        var holds = kind("holds", ONCE, (_, run) -> run.inTransaction(tx -> {
            run.progress(1, 2);
            awaitDeaf(open);
            return null;
        }));
        var sleeper = new Sleeper();
        try (Tasks tasks = DESK.node(holds, sleeper.kind("goes-by"))) {
            Task held = tasks.enqueue(NewTask.of("holds", DATA));
            awaitTask(tasks, held, each -> each.status() == Status.RUNNING);
            Task other = tasks.enqueue(NewTask.of("goes-by", DATA));

            awaitTask(tasks, other, each -> each.progress().current() == 3);

            // As if its node were thought dead: the row of the task is held, and its lease is free.
            DESK.db.update("update scheduled_tasks set picked = false, version = version + 1 where task_instance = ?",
                    held.taskId());
            Task third = tasks.enqueue(NewTask.of("goes-by", DATA));
            awaitTask(tasks, third, each -> each.status() == Status.RUNNING);
            open.countDown();
            assertEquals(Status.COMPLETED, awaitEnd(tasks, held).status());
            tasks.cancel(other.taskId());
            tasks.cancel(third.taskId());
        }
    }

    @Test
    void anUnknownKindIsLeftToOthers() {
        var runs = new AtomicInteger();
        Kind<Name> rare = kind("rare", ONCE, (_, _) -> runs.incrementAndGet());
        try (Tasks ignorant = DESK.node(kind("usual", ONCE, (_, _) -> null))) {
            Task made;
            try (Tasks knowing = DESK.node(rare)) {
                knowing.pause();
                made = knowing.enqueue(NewTask.of("rare", DATA));
            }
            awaitEnd(ignorant, ignorant.enqueue(NewTask.of("usual", DATA)));
            awaitEnd(ignorant, ignorant.enqueue(NewTask.of("usual", DATA)));
            assertEquals(0, ignorant.find(made.taskId()).orElseThrow().attempts());
            assertTrue(ignorant.waiting() >= 1);

            try (Tasks later = DESK.node(rare)) {
                assertEquals(Status.COMPLETED, awaitEnd(later, made).status());
            }
        }
    }

    @Test
    void aStopLetsTasksEndAndHandsTheOthersBack() {
        var sleeper = new Sleeper();
        var open = new CountDownLatch(1);
        Kind<Name> quick = kind("quick", ONCE, (_, _) -> open.await(60, TimeUnit.SECONDS));
        Task long1;
        Task short1;
        try (Tasks tasks = DESK.node(Map.of("HEDDLE_TASKS_GRACE", "1s"), sleeper.kind("long"), quick)) {
            long1 = tasks.enqueue(NewTask.of("long", DATA));
            short1 = tasks.enqueue(NewTask.of("quick", DATA));
            awaitTask(tasks, long1, each -> each.status() == Status.RUNNING);
            awaitTask(tasks, short1, each -> each.status() == Status.RUNNING);
            sleeper.awaitStart();
            open.countDown();
        }

        try (Tasks next = DESK.node(kind("long", ONCE, (_, run) -> run.attempt()))) {
            assertEquals(Status.COMPLETED, next.find(short1.taskId()).orElseThrow().status());
            Task done = awaitEnd(next, long1);
            assertEquals("2", String.valueOf(done.result()), "the try that was interrupted does not count as failed");
            assertEquals(Status.COMPLETED, done.status());
        }
    }

    @Test
    void changesAreWaitedFor() throws Exception {
        var sleeper = new Sleeper();
        try (Tasks one = DESK.node(sleeper.kind("watched"));
                Tasks other = DESK.node(kind("nil", ONCE, (_, _) -> null))) {
            Task made = one.enqueue(NewTask.of("watched", DATA));
            Task seen = awaitTask(one, made, each -> each.progress().current() == 3);

            assertEquals(Optional.empty(), other.awaitChange(seen, Duration.ofMillis(1)));
            assertEquals(Optional.of(seen), other.awaitChange(made, Duration.ofSeconds(60)), "it changed before");
            var waiter = CompletableFuture.supplyAsync(() -> change(other, seen));
            one.cancel(made.taskId());
            assertEquals(Status.CANCELLED, waiter.get(60, TimeUnit.SECONDS).orElseThrow().status(), "seen elsewhere");
            assertFalse(one.running() > 1);
        }
    }

    private static Optional<Task> change(Tasks tasks, Task seen) {
        try {
            return tasks.awaitChange(seen, Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatWasFinishedLongAgoIsRemovedSomeAtATime() {
        DESK.db.update("""
                insert into tasks (id, name, kind, status, data, attempts, created_at, started_at, completed_at, error)
                select cast('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') as uuid), 'old', 'old',
                    case when n % 2 = 0 then 'failed' else 'cancelled' end, '1', 1, now() - interval '2 hours',
                    now() - interval '2 hours', now() - interval '61 minutes', 'e'
                from generate_series(1, 2500) as n
                """);
        try (Tasks tasks = DESK.node(Map.of("HEDDLE_TASKS_KEEP", "1h", "HEDDLE_TASKS_PRUNE", "20ms"),
                kind("new", ONCE, (_, _) -> null))) {
            Task young = awaitEnd(tasks, tasks.enqueue(NewTask.of("new", DATA)));

            await().atMost(Duration.ofSeconds(60)).until(() -> DESK.db
                    .one("select count(*) as n from tasks where kind = 'old'", row -> row.number("n"))
                    .orElseThrow() == 0);

            assertTrue(tasks.find(young.taskId()).isPresent());
        }
    }

    private static int effect(Run run, int step) {
        return (int) DESK.db.update("insert into effects (task, step) values (?, ?)", run.taskId(), step);
    }

    private static long effects(Task task) {
        return DESK.db.one("select count(*) as n from effects where task = ?", row -> row.number("n"), task.taskId())
                .orElseThrow();
    }

    /// Waits, whoever interrupts.
    private static void awaitDeaf(CountDownLatch latch) {
        boolean isDone = false;
        while (!isDone) {
            try {
                isDone = latch.await(60, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                // That is what deaf means.
            }
        }
    }

    /// Work that reports three of four and then does nothing until it is interrupted.
    private static final class Sleeper {
        private final Semaphore started = new Semaphore(0);
        private final Semaphore interrupted = new Semaphore(0);

        Kind<Name> kind(String name) {
            return TasksTest.kind(name, ONCE, (_, run) -> {
                run.progress(3, 4);
                started.release();
                try {
                    return new CountDownLatch(1).await(120, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted.release();
                    throw e;
                }
            });
        }

        void awaitStart() {
            assertTrue(acquire(started), "it did not start");
        }

        void awaitInterrupt() {
            assertTrue(acquire(interrupted), "it was not interrupted");
        }

        private static boolean acquire(Semaphore semaphore) {
            try {
                return semaphore.tryAcquire(60, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
