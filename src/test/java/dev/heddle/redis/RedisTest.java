package dev.heddle.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RedisTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofMillis(50);
    // What a thread may have to wait for a processor on a busy machine.
    private static final Duration SLACK = Duration.ofMillis(150);
    private static final Script SUM = new Script(
            "return { redis.call('INCRBY', KEYS[1], ARGV[1]), tonumber(ARGV[2]) }");

    private final TestRedis server = TestRedis.start();

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void keepsBytesAsTheyAre() {
        try (Redis redis = Redis.open(server.settings())) {
            byte[] value = {0, -1, 13, 10, 127};

            redis.set("key", value, MINUTE);

            assertEquals(new String(value, UTF_8), value(redis, "key"));
        }
    }

    @Test
    void tellsWhatIsNotThereFromWhatCannotBeAsked() {
        try (Redis redis = Redis.open(server.settings(TIMEOUT))) {
            assertInstanceOf(Answer.Miss.class, redis.get("nothing"));

            server.kill();

            assertInstanceOf(Answer.Away.class, redis.get("nothing"));
        }
    }

    @Test
    void forgetsAtTheEndOfItsTime() {
        try (Redis redis = Redis.open(server.settings())) {
            redis.set("short", text("here"), Duration.ofMillis(30));
            redis.set("long", text("here"), MINUTE);

            await().until(() -> redis.get("short") instanceof Answer.Miss);
            assertEquals("here", value(redis, "long"));
        }
    }

    @Test
    void leavesWhatIsThereIfToldTo() {
        try (Redis redis = Redis.open(server.settings())) {
            assertEquals(new Answer.Value<>(true), redis.setIfAbsent("key", text("first"), MINUTE));
            assertEquals(new Answer.Value<>(false), redis.setIfAbsent("key", text("second"), MINUTE));

            assertEquals("first", value(redis, "key"));
        }
    }

    @Test
    void saysWhetherThereWasSomethingToDelete() {
        try (Redis redis = Redis.open(server.settings())) {
            redis.set("key", text("here"), MINUTE);

            assertEquals(new Answer.Value<>(true), redis.delete("key"));
            assertEquals(new Answer.Value<>(false), redis.delete("key"));
        }
    }

    @Test
    void runsAScriptWhetherOrNotRedisKnowsIt() {
        try (Redis redis = Redis.open(server.settings())) {
            assertEquals(new Answer.Value<>(List.of(3L, 7L)), redis.run(SUM, "sum", List.of("3", "7")));
            assertEquals(new Answer.Value<>(List.of(8L, 7L)), redis.run(SUM, "sum", List.of("5", "7")));
        }
    }

    @Test
    void aRefusalIsNoAnswerAndNoLoss() {
        try (Redis redis = Redis.open(server.settings())) {
            redis.set("text", text("not a number"), MINUTE);

            assertInstanceOf(Answer.Away.class, redis.run(SUM, "text", List.of("1", "1")));

            assertFalse(redis.stats().isAway());
            assertEquals(1, redis.stats().unanswered());
        }
    }

    @Test
    void isAwayWhereNoneIsConfigured() {
        try (Redis redis = Redis.open(new RedisSettings("", "test", 8, TIMEOUT, MINUTE))) {
            assertFalse(redis.isConfigured());
            assertInstanceOf(Answer.Away.class, redis.get("key"));
            assertInstanceOf(Answer.Away.class, redis.set("key", text("value"), MINUTE));
            assertEquals(new RedisStats(false, 0, 0), redis.stats());
        }
    }

    @Test
    void needNotBeThereAtTheStart() {
        try (TestRedis late = TestRedis.notStarted(); Redis redis = Redis.open(late.settings())) {
            assertTrue(redis.stats().isAway());
            assertInstanceOf(Answer.Away.class, redis.get("key"));

            late.run();

            await().until(() -> redis.get("key") instanceof Answer.Miss);
        }
    }

    @Test
    void comesBackAfterItWasKilled() {
        try (Redis redis = Redis.open(server.settings())) {
            redis.run(SUM, "sum", List.of("3", "7"));
            server.kill();
            assertInstanceOf(Answer.Away.class, redis.get("key"));

            server.run();

            await().until(() -> redis.get("key") instanceof Answer.Miss);
            assertEquals(new Answer.Value<>(List.of(3L, 7L)), redis.run(SUM, "sum", List.of("3", "7")));
        }
    }

    @Test
    void aFrozenOneCostsOneTimeoutAndThenNothing() {
        try (Redis redis = Redis.open(server.settings(TIMEOUT))) {
            assertInstanceOf(Answer.Miss.class, redis.get("key"));
            server.freeze();

            long first = nanosOf(() -> assertInstanceOf(Answer.Away.class, redis.get("key")));
            long thousandMore = nanosOf(() -> {
                for (int i = 0; i < 1_000; i++) {
                    assertInstanceOf(Answer.Away.class, redis.get("key"));
                }
            });

            assertTrue(first < TIMEOUT.plus(SLACK).toNanos(), () -> "took ns: " + first);
            assertTrue(thousandMore < SLACK.toNanos(), () -> "took ns: " + thousandMore);
        }
    }

    @Test
    void aThawedOneAnswersWhatIsAskedNow() {
        try (Redis redis = Redis.open(server.settings(TIMEOUT))) {
            redis.set("old", text("old"), MINUTE);
            redis.set("new", text("new"), MINUTE);
            server.freeze();
            assertInstanceOf(Answer.Away.class, redis.get("old"));

            server.thaw();

            await().until(() -> redis.get("new") instanceof Answer.Value);
            assertEquals("new", value(redis, "new"));
        }
    }

    @Test
    void aCrowdBeforeAFrozenOneWaitsOneTimeoutTogether() throws InterruptedException {
        try (Redis redis = Redis.open(server.settings(TIMEOUT))) {
            server.freeze();

            Queue<Long> times = new ConcurrentLinkedQueue<>();
            crowd(100, () -> times.add(nanosOf(() -> assertInstanceOf(Answer.Away.class, redis.get("key")))));

            long longest = times.stream().mapToLong(each -> each).max().orElseThrow();
            assertEquals(100, times.size());
            assertTrue(longest < TIMEOUT.plus(SLACK).toNanos(), () -> "took ns: " + longest);
        }
    }

    @Test
    void opensNoMoreConnectionsThanItMay() throws InterruptedException {
        try (Redis redis = Redis.open(server.settings())) {
            crowd(50, () -> {
                for (int i = 0; i < 20; i++) {
                    assertInstanceOf(Answer.Miss.class, redis.get("key"));
                }
            });

            int open = redis.stats().open();
            assertTrue(open >= 1 && open <= 8, () -> "open: " + open);
        }
    }

    @Test
    void anInterruptOfACallerIsNoLoss() throws InterruptedException {
        try (Redis redis = Redis.open(server.settings())) {
            redis.get("key");
            server.freeze();
            var isStillInterrupted = new CountDownLatch(1);
            Thread caller = Thread.ofVirtual().start(() -> {
                redis.get("key");
                if (Thread.currentThread().isInterrupted()) {
                    isStillInterrupted.countDown();
                }
            });
            await().until(() -> caller.getState() == Thread.State.TIMED_WAITING);
            caller.interrupt();

            isStillInterrupted.await();
            server.thaw();

            assertFalse(redis.stats().isAway());
            assertInstanceOf(Answer.Miss.class, redis.get("key"));
        }
    }

    @Test
    void isAwayOnceItIsClosed() {
        Redis redis = Redis.open(server.settings());
        redis.get("key");

        redis.close();
        redis.close();

        assertInstanceOf(Answer.Away.class, redis.get("key"));
        assertEquals(0, redis.stats().open());
    }

    private static void crowd(int size, Runnable each) throws InterruptedException {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < size; i++) {
            threads.add(Thread.ofVirtual().start(each));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static String value(Redis redis, String key) {
        return redis.get(key) instanceof Answer.Value<byte[]>(byte[] bytes) ? new String(bytes, UTF_8) : "none";
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    private static long nanosOf(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return System.nanoTime() - start;
    }
}
