package dev.heddle.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.heddle.cache.Cache.Cached;
import dev.heddle.json.Json;
import dev.heddle.redis.Redis;
import dev.heddle.redis.RedisSettings;
import dev.heddle.redis.TestRedis;
import dev.heddle.web.Failure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RedisTierTest {
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    record Number(int value) {}

    private final TestRedis server = TestRedis.start();
    private final Redis redis = Redis.open(server.settings(Duration.ofMillis(500)));
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger computed = new AtomicInteger();
    private final Cache<String, Number> here = node(redis);
    private final Cache<String, Number> there = node(redis);

    @AfterEach
    void stop() {
        redis.close();
        server.close();
    }

    @Test
    void whatOneNodeComputedTheOtherFinds() {
        assertEquals(hit(false, 1), here.get("a", this::compute));
        assertEquals(hit(true, 1), there.get("a", this::compute));
        assertEquals(hit(false, 2), there.get("b", this::compute));
    }

    @Test
    void aCopyIsReadWithoutRedis() {
        here.get("a", this::compute);
        server.kill();

        assertEquals(hit(true, 1), here.get("a", this::compute));
        assertFalse(redis.stats().isAway());
    }

    @Test
    void whatOneNodeDropsIsGoneFromTheOthersASecondLater() {
        here.get("a", this::compute);
        there.get("a", this::compute);

        here.drop("a");

        assertEquals(hit(false, 2), here.get("a", this::compute));
        passCopies();
        assertEquals(hit(false, 3), there.get("a", this::compute));
    }

    @Test
    void whatWasBegunBeforeADropIsNotPutBackAfterIt() {
        here.get("a", () -> {
            there.drop("a");
            return new Number(-1);
        });

        assertEquals(hit(false, 1), there.get("a", this::compute));
    }

    @Test
    void aDropThatRedisDidNotHearIsToldWhenItIsBack() {
        here.get("a", this::compute);
        server.freeze();
        here.drop("a");
        server.thaw();
        await().until(() -> !redis.stats().isAway());

        assertEquals(hit(false, 2), here.get("a", this::compute));
        assertEquals(hit(false, 3), there.get("a", this::compute));
    }

    @Test
    void aDeadRedisCostsNoValue() {
        server.kill();

        assertEquals(hit(false, 1), here.get("a", this::compute));
        assertEquals(hit(true, 1), here.get("a", this::compute));
        assertEquals(hit(false, 2), there.get("a", this::compute));
    }

    @Test
    void thatThereIsNothingIsKeptForAMoment() {
        assertThrows(Failure.class, () -> here.get("a", this::notFound));

        var here1 = assertThrows(Failure.class, () -> here.get("a", this::compute));
        var there1 = assertThrows(Failure.class, () -> there.get("a", this::compute));
        assertEquals("no such thing", here1.getMessage());
        assertEquals("no such thing", there1.getMessage());
        assertEquals(Failure.Kind.NOT_FOUND, there1.kind());

        await().until(() -> {
            passCopies();
            return isFound(there);
        });
    }

    @Test
    void thatThereIsNothingIsForgottenByADrop() {
        assertThrows(Failure.class, () -> here.get("a", this::notFound));

        here.drop("a");

        assertEquals(hit(false, 1), here.get("a", this::compute));
    }

    @Test
    void noOtherFailureIsKept() {
        Supplier<Number> conflict = () -> {
            throw Failure.conflict("no");
        };
        assertThrows(Failure.class, () -> here.get("a", conflict));

        assertEquals(hit(false, 1), here.get("a", this::compute));
    }

    @Test
    void bytesThatCannotBeReadCountAsNothing() {
        redis.set("cache:v1:numbers:a", "v{\"value\": \"old\"}".getBytes(UTF_8), TEN_MINUTES);
        redis.set("cache:v1:numbers:b", new byte[0], TEN_MINUTES);

        assertEquals(hit(false, 1), here.get("a", this::compute));
        assertEquals(hit(false, 2), here.get("b", this::compute));
    }

    @Test
    void withoutRedisANodeKeepsItsCopyForAllOfItsTime() {
        try (Redis none = Redis.open(new RedisSettings("", "", 1, TEN_MINUTES, TEN_MINUTES))) {
            Cache<String, Number> alone = node(none);
            alone.get("a", this::compute);

            nanos.addAndGet(TEN_MINUTES.toNanos() - 1);
            assertTrue(alone.get("a", this::compute).isHit());
            nanos.incrementAndGet();
            assertFalse(alone.get("a", this::compute).isHit());
        }
    }

    private Cache<String, Number> node(Redis some) {
        RedisTier.Form<String, Number> form = RedisTier.Form.json("numbers", key -> key,
                bytes -> Json.readBack(bytes, Number.class));
        return new Cache<>(100, new RedisTier<>(some, TEN_MINUTES, form), nanos::get);
    }

    private Number compute() {
        return new Number(computed.incrementAndGet());
    }

    private Number notFound() {
        throw Failure.notFound("no such thing");
    }

    private boolean isFound(Cache<String, Number> node) {
        try {
            return node.get("a", this::compute).value().value() > 0;
        } catch (Failure _) {
            return false;
        }
    }

    private void passCopies() {
        nanos.addAndGet(RedisTier.COPY_KEPT.toNanos());
    }

    private static Cached<Number> hit(boolean isHit, int value) {
        return new Cached<>(new Number(value), isHit);
    }
}
