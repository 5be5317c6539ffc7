package dev.heddle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Gather;
import dev.heddle.redis.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Redis dies and freezes under a server that is being asked, with the default settings.
@Timeout(120)
class RedisOutageTest {
    private static final int CALLERS = 8;
    private static final int CALLS = 150;
    // Promised is 50 ms more, which -Pfull holds; the rest is what a busy machine may add to any single measurement.
    private static final Duration MORE = Duration.ofMillis(Boolean.getBoolean("heddle.full") ? 50 : 50 + 100);

    private final TestRedis redis = TestRedis.start();
    private final TestApp app = TestApp.start(Map.of("HEDDLE_REDIS_URL", redis.url(), "HEDDLE_DB_GATE_QUEUE", "30s",
            "HEDDLE_RATE_LIMIT_PER_CLIENT", "true", "HEDDLE_RATE_LIMIT_REQUESTS", "100000"));
    private final AtomicInteger client = new AtomicInteger();
    private long user;

    @BeforeEach
    void warmUp() throws InterruptedException {
        user = app.createUser("ada");
        ask();
    }

    @AfterEach
    void stop() {
        app.close();
        redis.close();
    }

    @Test
    void nobodyIsRefusedAndNobodyWaitsLongWhenRedisIsKilled() throws InterruptedException {
        Duration before = ask();

        Duration during = askWhile(redis::kill);

        assertNear(before, during);
        redis.run();
        await().until(() -> !isAway());
        assertNear(before, ask());
    }

    @Test
    void nobodyIsRefusedAndNobodyWaitsLongWhenRedisIsFrozen() throws InterruptedException {
        Duration before = ask();

        Duration during = askWhile(redis::freeze);

        assertNear(before, during);
        assertTrue(isAway());
        redis.thaw();
        await().until(() -> !isAway());
        assertNear(before, ask());
    }

    @Test
    void aServerStartsWithoutItsRedis() {
        try (TestRedis late = TestRedis.notStarted();
                TestApp alone = app.startNode(Map.of("HEDDLE_REDIS_URL", late.url()))) {
            alone.get("/health/ready").expect(200);
            for (int i = 0; i < 10; i++) {
                limited(alone, "ada").expect(200);
            }
            limited(alone, "ada").expect(429);
            alone.get("/users/" + user + "/profile").expect(200);
        }
    }

    private static void assertNear(Duration before, Duration during) {
        assertTrue(during.compareTo(before.plus(MORE)) < 0, () -> "p99 was " + before + ", became " + during);
    }

    private Duration ask() throws InterruptedException {
        return askWhile(() -> {
        });
    }

    /// The p99 of many calls of several callers at once, `event` happening after the first third of them.
    private Duration askWhile(Runnable event) throws InterruptedException {
        var calls = new AtomicInteger();
        Callable<List<Long>> caller = () -> {
            var nanos = new Long[CALLS];
            for (int i = 0; i < CALLS; i++) {
                if (calls.incrementAndGet() == CALLERS * CALLS / 3) {
                    event.run();
                }
                nanos[i] = nanosOfOneCall(i);
            }
            return Arrays.asList(nanos);
        };
        List<Long> all = Gather.all(Collections.nCopies(CALLERS, caller)).stream().flatMap(List::stream).sorted()
                .toList();
        return Duration.ofNanos(all.get(all.size() * 99 / 100));
    }

    /// As the server measures it: this test's client has its own work to do.
    private long nanosOfOneCall(int number) {
        Answer answer = switch (number % 3) {
            case 0 -> limited(app, "client " + client.incrementAndGet());
            case 1 -> app.get("/users/" + user + "/profile");
            default -> app.get("/users/search?q=ada&limit=" + (1 + client.incrementAndGet() % 1_000));
        };
        return (long) (1e9 * Double.parseDouble(answer.expect(200).header("x-process-time").orElseThrow()));
    }

    private static Answer limited(TestApp node, String client) {
        return node.ask("GET", "/api/limited").header("X-Client-ID", client).send();
    }

    private boolean isAway() {
        return app.get("/metrics").text().contains("\nredis_away 1.0");
    }
}
