package dev.heddle.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.limits.Decision.Allowed;
import dev.heddle.limits.Decision.Refused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LimiterTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final Limit TEN = new Limit(10, WINDOW);
    private static final Duration NANO = Duration.ofNanos(1);

    private final SteppedClock clock = new SteppedClock();
    private final Limiter limiter = Limiter.local(TEN, 1_000, clock);

    @Test
    void allowsAsManyAsTheLimitAndNotOneMore() {
        for (int remaining = 9; remaining >= 0; remaining--) {
            assertEquals(new Allowed(10, remaining, WINDOW), limiter.ask("ada"));
        }

        assertEquals(new Refused(10, WINDOW), limiter.ask("ada"));
    }

    @Test
    void countsARequestUntilItsWindowEndsToTheNanosecond() {
        use(10, "ada");

        clock.step(WINDOW.minus(NANO));
        assertEquals(new Refused(10, NANO), limiter.ask("ada"));
        clock.step(NANO);

        assertEquals(new Allowed(10, 9, WINDOW), limiter.ask("ada"));
    }

    @Test
    void admitsNoDoubleShareAcrossTheEdgeOfTwoMinutes() {
        clock.step(Duration.ofSeconds(59));
        use(10, "ada");

        clock.step(Duration.ofSeconds(2));

        assertEquals(new Refused(10, Duration.ofSeconds(58)), limiter.ask("ada"));
    }

    @Test
    void freesOnePlaceForEachRequestThatLeavesTheWindow() {
        for (int i = 0; i < 10; i++) {
            use(1, "ada");
            clock.step(Duration.ofSeconds(1));
        }
        clock.step(Duration.ofSeconds(52));

        assertEquals(new Allowed(10, 2, Duration.ofSeconds(1)), limiter.ask("ada"));
        assertEquals(new Allowed(10, 1, Duration.ofSeconds(1)), limiter.ask("ada"));
        assertEquals(new Allowed(10, 0, Duration.ofSeconds(1)), limiter.ask("ada"));
        assertEquals(new Refused(10, Duration.ofSeconds(1)), limiter.ask("ada"));
    }

    @Test
    void aRefusedRequestDoesNotCount() {
        use(10, "ada");
        for (int i = 0; i < 59; i++) {
            clock.step(Duration.ofSeconds(1));
            assertInstanceOf(Refused.class, limiter.ask("ada"));
        }

        clock.step(Duration.ofSeconds(1));

        assertInstanceOf(Allowed.class, limiter.ask("ada"));
    }

    @Test
    void countsEachClientForItself() {
        use(10, "ada");

        assertInstanceOf(Allowed.class, limiter.ask("grace"));
        assertInstanceOf(Refused.class, limiter.ask("ada"));
    }

    @Test
    void forgetsWhoDoesNotAsk() {
        use(1, "ada");
        use(1, "grace");
        clock.step(WINDOW.multipliedBy(3));

        use(1, "alan");
        use(1, "alan");

        assertEquals(1, limiter.clients());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void holdsInEveryWindowAndRefusesNobodyWhoNeedNotBe(long seed) {
        var random = new Random(seed);
        int limit = 1 + random.nextInt(20);
        Limiter some = Limiter.local(new Limit(limit, WINDOW), 1_000, clock);
        List<Long> admitted = new ArrayList<>();

        for (int i = 0; i < 20_000; i++) {
            clock.step(Duration.ofNanos(pause(random, limit)));
            long now = clock.getAsLong();
            long inWindow = admitted.reversed().stream().limit(limit)
                    .takeWhile(then -> now - then < WINDOW.toNanos()).count();
            switch (some.ask("ada")) {
                case Allowed(int all, int remaining, Duration _) -> {
                    assertTrue(inWindow < limit, "one too many at step " + i);
                    assertEquals(all - inWindow - 1, remaining);
                    admitted.add(now);
                }
                case Refused(int _, Duration retryAfter) -> {
                    long oldest = admitted.get(admitted.size() - limit);
                    assertEquals(limit, inWindow, "refused without need at step " + i);
                    assertEquals(oldest + WINDOW.toNanos() - now, retryAfter.toNanos());
                }
            }
        }
    }

    /// Bursts, even spacing, and steps that end exactly at an edge.
    private static long pause(Random random, int limit) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> WINDOW.toNanos() / limit;
            case 3 -> random.nextLong(WINDOW.toNanos());
            default -> random.nextLong(2 * WINDOW.toNanos() / limit);
        };
    }

    @Test
    void admitsExactlyTheLimitOfAHundredThreads() throws InterruptedException {
        for (int round = 0; round < 20; round++) {
            Limiter fresh = Limiter.local(new Limit(37, WINDOW), 1_000, System::nanoTime);
            assertEquals(37, admittedOf(100, 10, fresh));
        }
    }

    @Test
    void aFloodOfClientsFillsNoMoreMemoryThanIsGranted() {
        Limiter small = Limiter.local(TEN, 5_000, clock);

        for (int i = 0; i < 1_000_000; i++) {
            small.ask("client " + i);
        }

        assertTrue(small.clients() <= 5_000, () -> "remembered: " + small.clients());
    }

    @Test
    void aFloodOfClientsDoesNotFreeTheOneWhoAsksMost() {
        use(10, "ada");

        for (int i = 0; i < 100_000; i++) {
            limiter.ask("client " + i);
            if (i % 100 == 0) {
                assertInstanceOf(Refused.class, limiter.ask("ada"));
            }
        }
    }

    static int admittedOf(int threads, int each, Limiter... nodes) throws InterruptedException {
        var admitted = new AtomicInteger();
        var start = new CountDownLatch(1);
        var running = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            Limiter node = nodes[i % nodes.length];
            running.add(Thread.ofVirtual().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                for (int ask = 0; ask < each; ask++) {
                    if (node.ask("ada") instanceof Allowed) {
                        admitted.incrementAndGet();
                    }
                }
            }));
        }
        start.countDown();
        for (Thread thread : running) {
            thread.join();
        }
        return admitted.get();
    }

    private void use(int times, String client) {
        for (int i = 0; i < times; i++) {
            assertInstanceOf(Allowed.class, limiter.ask(client));
        }
    }
}
