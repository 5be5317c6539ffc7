package dev.heddle.limits;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.limits.Decision.Allowed;
import dev.heddle.limits.Decision.Refused;
import dev.heddle.redis.Redis;
import dev.heddle.redis.TestRedis;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedLimiterTest {
    private static final Limit TEN = new Limit(10, Duration.ofMinutes(1));
    private static final int MOST_CLIENTS = 1_000;

    private final TestRedis server = TestRedis.start();
    private final Redis first = Redis.open(server.settings());
    private final Redis second = Redis.open(server.settings());

    @AfterEach
    void stop() {
        first.close();
        second.close();
        server.close();
    }

    @Test
    void twoNodesShareOneCount() {
        Limiter here = limiter(TEN, first);
        Limiter there = limiter(TEN, second);

        for (int remaining = 9; remaining >= 0; remaining--) {
            assertEquals(remaining, (remaining % 2 == 0 ? here : there).ask("ada").remaining());
        }

        assertInstanceOf(Refused.class, here.ask("ada"));
        assertInstanceOf(Refused.class, there.ask("ada"));
        assertInstanceOf(Allowed.class, there.ask("grace"));
    }

    @Test
    void limitsOfDifferentNamesDoNotShare() {
        Limiter one = new Limiter("one", new Limit(1, TEN.window()), MOST_CLIENTS, first);
        Limiter two = new Limiter("two", new Limit(1, TEN.window()), MOST_CLIENTS, first);

        assertInstanceOf(Allowed.class, one.ask("ada"));
        assertInstanceOf(Allowed.class, two.ask("ada"));
        assertInstanceOf(Refused.class, one.ask("ada"));
    }

    @Test
    void twoNodesAdmitExactlyTheLimitOfAHundredThreads() throws InterruptedException {
        var limit = new Limit(37, TEN.window());

        assertEquals(37, LimiterTest.admittedOf(100, 5, limiter(limit, first), limiter(limit, second)));
    }

    @Test
    void holdsInEveryWindowOfTwoNodes() {
        var limit = new Limit(5, Duration.ofMillis(100));
        List<Limiter> nodes = List.of(limiter(limit, first), limiter(limit, second));
        List<long[]> admitted = new ArrayList<>();

        for (int i = 0; admitted.size() < 30; i++) {
            long before = System.nanoTime();
            if (nodes.get(i % 2).ask("ada") instanceof Allowed) {
                admitted.add(new long[]{before, System.nanoTime()});
            }
        }

        // When Redis decided lies between the two times that are known.
        for (int i = limit.requests(); i < admitted.size(); i++) {
            long most = admitted.get(i)[1] - admitted.get(i - limit.requests())[0];
            assertTrue(most >= limit.window().toNanos(), "six within ns: " + most);
        }
    }

    @Test
    void saysWhenTheOldestLeaves() {
        Limiter node = limiter(new Limit(1, TEN.window()), first);

        Decision allowed = node.ask("ada");
        Decision refused = limiter(new Limit(1, TEN.window()), second).ask("ada");

        assertEquals(TEN.window(), allowed.reset());
        assertTrue(refused.reset().compareTo(TEN.window()) < 0 && refused.reset().toSeconds() >= 50);
    }

    @Test
    void oneNodeHoldsTheLimitThroughTheDeathAndReturnOfRedis() {
        Limiter node = limiter(TEN, first);
        use(node, 4);

        server.kill();
        use(node, 3);
        server.run();
        await().until(() -> !first.stats().isAway());
        use(node, 3);

        assertInstanceOf(Refused.class, node.ask("ada"));
    }

    @Test
    void oneNodeHoldsTheLimitWhileRedisIsFrozenAndAfter() {
        try (Redis brief = Redis.open(server.settings(Duration.ofMillis(50)))) {
            Limiter node = limiter(TEN, brief);
            use(node, 4);

            server.freeze();
            use(node, 3);
            server.thaw();
            await().until(() -> !brief.stats().isAway());
            use(node, 3);

            assertInstanceOf(Refused.class, node.ask("ada"));
        }
    }

    private static Limiter limiter(Limit limit, Redis redis) {
        return new Limiter("test", limit, MOST_CLIENTS, redis);
    }

    private static void use(Limiter node, int times) {
        for (int i = 0; i < times; i++) {
            assertInstanceOf(Allowed.class, node.ask("ada"));
        }
    }
}
