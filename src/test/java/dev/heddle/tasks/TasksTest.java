package dev.heddle.tasks;

import static dev.heddle.tasks.Desk.awaitEnd;
import static dev.heddle.tasks.Desk.awaitTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Gather;
import dev.heddle.gates.Unavailable;
import dev.heddle.tasks.Task.Progress;
import dev.heddle.tasks.Task.Status;
import dev.heddle.web.Failure;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TasksTest {
    private static final Desk DESK = new Desk();
    private static final Rules ONCE = new Rules(10, 1, Duration.ofSeconds(60));
    private static final Rules THRICE = new Rules(10, 3, Duration.ofSeconds(60));

    record Name(String name) {}

    record Greeting(String text) {}

    @AfterAll
    static void close() {
        DESK.close();
    }

    @Test
    void aTaskIsRunAndItsResultKept() {
        var greet = new Kind<>("greet", Name.class, ONCE, (data, run) -> {
            run.progress(1, 2);
            return new Greeting("Hello " + data.name() + ", " + run.attempt());
        });

        try (Tasks tasks = DESK.node(greet)) {
            Task made = tasks.enqueue(NewTask.of("greet", new Name("Ada")));
            Task done = awaitEnd(tasks, made);

            assertEquals(Status.PENDING, made.status());
            assertEquals("greet", made.name());
            assertEquals(Status.COMPLETED, done.status(), done::toString);
            assertEquals("{\"text\":\"Hello Ada, 1\"}", String.valueOf(done.result()));
            assertEquals(new Progress(2, 2, 100), done.progress());
            assertEquals(1, done.attempts());
            assertTrue(done.completedAt() != null && done.startedAt() != null);
        }
    }

    @Test
    void aTaskIsMadeWithTheTransactionOrNotAtAll() {
        try (Tasks tasks = DESK.node(kind("part", ONCE, (_, _) -> null))) {
            assertThrows(IllegalStateException.class, () -> DESK.db.inTransaction(tx -> {
                tasks.enqueue(NewTask.of("part", new Name("undone")).named("undone"));
                throw new IllegalStateException("rolled back");
            }));
            Task made = DESK.db.inTransaction(tx -> {
                Task within = tasks.enqueue(NewTask.of("part", new Name("done")));
                assertEquals(Optional.of(within), tasks.find(within.taskId()), "it can be seen from within");
                return within;
            });

            assertEquals(Status.COMPLETED, awaitEnd(tasks, made).status());
            assertEquals(0, count("select count(*) as n from tasks where name = 'undone'"));
            assertEquals(0, count("select count(*) as n from scheduled_tasks where task_name = 'part'"));
        }
    }

    @Test
    void nothingRunsBeforeTheCommit() {
        var started = new AtomicInteger();
        try (Tasks tasks = DESK.node(kind("later", ONCE, (_, _) -> started.incrementAndGet()))) {
            Task made = DESK.db.inTransaction(tx -> {
                Task within = tasks.enqueue(NewTask.of("later", new Name("x")));
                // By now a task made after it, and committed, has run.
                awaitEnd(tasks, alone(() -> tasks.enqueue(NewTask.of("later", new Name("y")))));
                assertEquals(1, started.get());
                return within;
            });

            awaitEnd(tasks, made);
            assertEquals(2, started.get());
        }
    }

    @Test
    void aKeyIsHeldByOneUnfinishedTask() throws InterruptedException {
        var open = new CountDownLatch(1);
        try (Tasks tasks = DESK.node(kind("keyed", ONCE, (_, _) -> open.await(60, TimeUnit.SECONDS)))) {
            var wanted = NewTask.of("keyed", new Name("x")).unique("the key");

            List<String> ids = Gather.all(Collections.nCopies(16, () -> tasks.enqueue(wanted).taskId()));

            assertEquals(1, ids.stream().distinct().count());
            open.countDown();
            Task first = tasks.find(ids.getFirst()).orElseThrow();
            awaitEnd(tasks, first);
            assertTrue(!tasks.enqueue(wanted).taskId().equals(first.taskId()), "its key is free again");
        }
    }

    @Test
    void aFailedTaskCannotComeBackWhileAnotherHasItsKey() {
        var open = new CountDownLatch(1);
        var kind = kind("rival", ONCE, (data, _) -> {
            if (data.name().equals("fails")) {
                throw new TaskRefused("no");
            }
            return open.await(60, TimeUnit.SECONDS);
        });
        try (Tasks tasks = DESK.node(kind)) {
            Task failed = awaitEnd(tasks, tasks.enqueue(NewTask.of("rival", new Name("fails")).unique("k")));
            Task other = tasks.enqueue(NewTask.of("rival", new Name("waits")).unique("k"));

            assertEquals(Failure.Kind.CONFLICT,
                    assertThrows(Failure.class, () -> tasks.retry(failed.taskId())).kind());
            open.countDown();
            awaitEnd(tasks, other);
            tasks.retry(failed.taskId());
            assertEquals(Status.FAILED, awaitEnd(tasks, failed).status());
        }
    }

    @Test
    void whatFailsIsTriedAgainAsOftenAsTheRulesSay() {
        var tries = new AtomicInteger();
        var flaky = kind("flaky", THRICE, (_, run) -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("secret " + run.attempt());
            }
            return "at last";
        });
        var hopeless = kind("hopeless", THRICE, (_, _) -> {
            throw new IOException("secret");
        });
        try (Tasks tasks = DESK.node(flaky, hopeless)) {
            Task done = awaitEnd(tasks, tasks.enqueue(NewTask.of("flaky", new Name("x"))));
            Task failed = awaitEnd(tasks, tasks.enqueue(NewTask.of("hopeless", new Name("x"))));

            assertEquals(Status.COMPLETED, done.status());
            assertEquals(3, done.attempts());
            assertNull(done.error());
            assertEquals(Status.FAILED, failed.status());
            assertEquals(3, failed.attempts());
            assertEquals("the work failed", failed.error(), "nothing of an exception is told");
        }
    }

    @Test
    void callersAreToldWhatIsMeantForThem() {
        var kind = kind("tells", new Rules(10, 2, Duration.ofSeconds(60)), (data, _) -> {
            throw switch (data.name()) {
                case "refused" -> new TaskRefused("the picture is too dark");
                case "failure" -> Failure.notFound("file 7 does not exist");
                case "busy" -> new Unavailable("the post office is closed", Duration.ofSeconds(1));
                default -> new IllegalStateException("secret");
            };
        });
        try (Tasks tasks = DESK.node(kind)) {
            assertEnd(tasks, "refused", "the picture is too dark", 1);
            assertEnd(tasks, "failure", "file 7 does not exist", 2);
            assertEnd(tasks, "busy", "the post office is closed", 2);
            assertEnd(tasks, "else", "the work failed", 2);
        }
    }

    private static void assertEnd(Tasks tasks, String name, String error, int attempts) {
        Task failed = awaitEnd(tasks, tasks.enqueue(NewTask.of("tells", new Name(name))));
        assertEquals(error, failed.error());
        assertEquals(attempts, failed.attempts(), name);
    }

    @Test
    void aTryIsInterruptedWhenItsTimeIsUp() {
        var interrupted = new CountDownLatch(2);
        var slow = kind("slow", new Rules(10, 2, Duration.ofMillis(100)), (_, _) -> {
            try {
                return new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            } finally {
                interrupted.countDown();
            }
        });
        try (Tasks tasks = DESK.node(slow)) {
            Task failed = awaitEnd(tasks, tasks.enqueue(NewTask.of("slow", new Name("x"))));

            assertEquals("it took longer than 100 ms", failed.error());
            assertEquals(2, failed.attempts());
            assertEquals(0, interrupted.getCount());
        }
    }

    @Test
    void aResultHasABound() {
        var large = kind("large", ONCE, (data, _) -> "x".repeat(Integer.parseInt(data.name())));
        try (Tasks tasks = DESK.node(large)) {
            Task within = awaitEnd(tasks, tasks.enqueue(NewTask.of("large", new Name("2097150"))));
            Task beyond = awaitEnd(tasks, tasks.enqueue(NewTask.of("large", new Name("2097151"))));

            assertEquals(Status.COMPLETED, within.status());
            assertEquals("its result is larger than 2097152 bytes", beyond.error());
        }
    }

    @Test
    void oneKindRunsNoMoreAtOnceThanItsRulesSayAndHindersNoOther() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var open = new CountDownLatch(1);
        var narrow = kind("narrow", new Rules(3, 1, Duration.ofSeconds(60)), (_, _) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            open.await(60, TimeUnit.SECONDS);
            return running.decrementAndGet();
        });
        try (Tasks tasks = DESK.node(narrow, kind("quick", ONCE, (_, _) -> null))) {
            Task last = null;
            for (int i = 0; i < 30; i++) {
                last = tasks.enqueue(NewTask.of("narrow", new Name("x")));
            }
            Task other = tasks.enqueue(NewTask.of("quick", new Name("x")));

            assertEquals(Status.COMPLETED, awaitEnd(tasks, other).status());
            open.countDown();
            assertEquals(Status.COMPLETED, awaitEnd(tasks, last).status());
            assertEquals(3, most.get());
        }
    }

    @Test
    void whatCannotBeATaskIsRefused() {
        try (Tasks tasks = DESK.node(kind("named", ONCE, (data, _) -> data.name()))) {
            JsonNode wrong = JsonMapper.shared().readTree("{\"nam\": 1}");

            assertThrows(IllegalArgumentException.class, () -> tasks.enqueue(NewTask.of("other", wrong)));
            assertThrows(IllegalArgumentException.class, () -> NewTask.of("named", wrong).named(""));
            assertThrows(IllegalArgumentException.class, () -> NewTask.of("named", wrong).unique("x".repeat(201)));
        }
    }

    @Test
    void aTaskCanMakeAnother() {
        var second = kind("second", ONCE, (data, _) -> data.name());
        var first = kind("first", ONCE, (data, run) -> run.enqueue(NewTask.of("second", data)).taskId());
        try (Tasks tasks = DESK.node(first, second)) {
            Task done = awaitEnd(tasks, tasks.enqueue(NewTask.of("first", new Name("Ada"))));

            String id = ((JsonNode) done.result()).asString();
            Task other = awaitTask(tasks, tasks.find(id).orElseThrow(), each -> each.status().isFinal());
            assertEquals("\"Ada\"", String.valueOf(other.result()));
        }
    }

    static Kind<Name> kind(String name, Rules rules, Work<Name> work) {
        return new Kind<>(name, Name.class, rules, work);
    }

    /// Done on another thread, so outside of the transaction at hand.
    private static <T> T alone(Callable<T> call) {
        try {
            var future = new FutureTask<>(call);
            Thread.ofVirtual().start(future);
            return future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long count(String sql) {
        return DESK.db.one(sql, row -> row.number("n")).orElseThrow();
    }
}
