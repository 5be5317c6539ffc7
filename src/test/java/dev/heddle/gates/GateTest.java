package dev.heddle.gates;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Stopwatch;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GateTest {
    private static final Duration LONG_QUEUE = Duration.ofSeconds(10);

    private final List<Thread> threads = new ArrayList<>();

    @AfterEach
    void nobodyIsLeftBehind() throws InterruptedException {
        for (Thread thread : threads) {
            thread.interrupt();
            assertTrue(thread.join(Duration.ofSeconds(5)));
        }
    }

    @Test
    void countsThoseInsideAndThoseWaiting() throws InterruptedException {
        var gate = new Gate("the well", 2, LONG_QUEUE);

        try (var _ = gate.enter(); var _ = gate.enter()) {
            startWaiting(gate);

            assertEquals(2, gate.inside());
            assertEquals(1, gate.waiting());
        }

        soon().until(() -> gate.inside() == 0 && gate.waiting() == 0);
        assertEquals(2, gate.permits());
        assertEquals(0, gate.refused());
    }

    @Test
    void letsInFirstWhoCameFirst() throws InterruptedException {
        var gate = new Gate("the well", 1, LONG_QUEUE);
        Queue<Integer> served = new ConcurrentLinkedQueue<>();
        List<Integer> came = IntStream.range(0, 20).boxed().toList();

        try (var _ = gate.enter()) {
            for (int number : came) {
                startWaiting(gate, () -> served.add(number));
            }
        }
        soon().until(() -> served.size() == came.size());

        assertEquals(came, List.copyOf(served));
    }

    @Test
    void neverLetsMoreInThanItHasPermits() throws InterruptedException {
        var gate = new Gate("the well", 3, LONG_QUEUE);
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var done = new CountDownLatch(16);

        for (int i = 0; i < 16; i++) {
            start(() -> {
                for (int round = 0; round < 200; round++) {
                    try (var _ = gate.enter()) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        Thread.yield();
                        inside.decrementAndGet();
                    }
                }
                done.countDown();
            });
        }

        assertTrue(done.await(10, SECONDS));
        assertEquals(3, most.get());
    }

    @Test
    void refusesAtOnceBeyondOneBehindEachPermitWhenNoneCanBeServedInTime() throws InterruptedException {
        var gate = new Gate("the well", 2, Duration.ofNanos(1));

        try (var _ = gate.enter(); var _ = gate.enter()) {
            startWaiting(gate);
            startWaiting(gate);
            Unavailable refusal = assertThrows(Unavailable.class, gate::enter);

            assertEquals("too many are waiting for the well", refusal.getMessage());
            assertTrue(refusal.retryAfter().isPositive());
            assertEquals(1, gate.refused());
            assertEquals(2, gate.waiting());
        }
    }

    @Test
    void queuesAsManyAsCanBeServedInTime() throws InterruptedException {
        var gate = new Gate("the well", 1, Duration.ofHours(1));
        gate.enter().close();

        try (var _ = gate.enter()) {
            for (int i = 0; i < 50; i++) {
                startWaiting(gate);
            }

            assertEquals(50, gate.waiting());
            assertEquals(0, gate.refused());
        }
    }

    @Test
    void oneVeryLongHoldAtMostDoublesTheHoldTime() {
        long average = 2_000_000;

        long after = Gate.averageHold(average, Duration.ofMinutes(5).toNanos());

        assertTrue(after > average && after < 2 * average, () -> "now " + after);
    }

    @Test
    void eightSlowHoldsMakeAFiftyTimesLongerHoldTimeKnown() {
        long slow = 100_000_000;
        long average = slow / 50;

        for (int i = 0; i < 8; i++) {
            average = Gate.averageHold(average, slow);
        }

        assertTrue(average > slow / 2 && average <= slow, "now " + average);
    }

    @Test
    void gathersNoCrowdBeforeAThingThatHangs() throws InterruptedException {
        var gate = new Gate("the well", 1, Duration.ofMillis(20));
        gate.enter().close();

        try (var _ = gate.enter()) {
            startWaiting(gate);

            soon().until(() -> isRefused(gate));
        }
    }

    @Test
    void waitsNoLongerThanTheDeadline() throws InterruptedException {
        var gate = new Gate("the well", 1, LONG_QUEUE);

        try (var _ = gate.enter()) {
            Stopwatch.assertTakes(Duration.ofMillis(50), Duration.ofMillis(150), () -> assertThrows(
                    DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(50)).call(gate::enter)));

            assertEquals(0, gate.waiting());
        }
    }

    @Test
    void anInterruptEndsTheWait() throws InterruptedException {
        var gate = new Gate("the well", 1, LONG_QUEUE);

        try (var _ = gate.enter()) {
            Thread waiter = startWaiting(gate);
            waiter.interrupt();

            assertTrue(waiter.join(Duration.ofSeconds(5)));
            assertEquals(0, gate.waiting());
            assertEquals(1, gate.inside());
        }
    }

    @Test
    void aPassClosedTwiceGivesBackOnePermit() throws InterruptedException {
        var gate = new Gate("the well", 1, LONG_QUEUE);

        Gate.Pass pass = gate.enter();
        pass.close();
        pass.close();

        assertEquals(0, gate.inside());
    }

    @Test
    void refusesToBeMadeWithoutPermitsOrTime() {
        assertThrows(IllegalArgumentException.class, () -> new Gate("the well", 0, LONG_QUEUE));
        assertThrows(IllegalArgumentException.class, () -> new Gate("the well", 1, Duration.ZERO));
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private Thread start(Work work) {
        Thread thread = Thread.ofVirtual().start(() -> {
            try {
                work.run();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        threads.add(thread);
        return thread;
    }

    private Thread startWaiting(Gate gate) {
        return startWaiting(gate, () -> {
        });
    }

    /// Returns once the thread is in line, behind all who were there before.
    private Thread startWaiting(Gate gate, Runnable inside) {
        int before = gate.waiting();
        Thread thread = start(() -> {
            try (var _ = gate.enter()) {
                inside.run();
            }
        });
        soon().until(() -> gate.waiting() > before && thread.getState() == Thread.State.WAITING);
        return thread;
    }

    private static boolean isRefused(Gate gate) throws InterruptedException {
        try (var _ = Deadline.in(Duration.ofMillis(1)).call(gate::enter)) {
            return false;
        } catch (DeadlinePassed _) {
            return false;
        } catch (Unavailable _) {
            return true;
        }
    }

    private static ConditionFactory soon() {
        return await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }
}
