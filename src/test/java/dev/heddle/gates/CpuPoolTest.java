package dev.heddle.gates;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Stopwatch;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CpuPoolTest {
    private static final ScopedValue<String> CALLER = ScopedValue.newInstance();
    private static final ScopedValue<String> TRACE = ScopedValue.newInstance();
    private static final ScopedValue<String> UNBOUND = ScopedValue.newInstance();
    private static final Duration LONG_QUEUE = Duration.ofSeconds(10);

    private final CpuPool pool = new CpuPool(2, LONG_QUEUE, List.of(CALLER, UNBOUND));
    private final CountDownLatch letGo = new CountDownLatch(1);

    @AfterEach
    void closePool() {
        letGo.countDown();
        pool.close();
    }

    @Test
    void computesOnItsFewPlatformThreads() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();

        List<Integer> squares = Gather
                .all(Gather.each(IntStream.range(0, 50).boxed().toList(), n -> pool.compute(() -> {
                    threads.add(Thread.currentThread());
                    return n * n;
                })));

        assertEquals(IntStream.range(0, 50).map(n -> n * n).boxed().toList(), squares);
        assertTrue(threads.size() <= 2, () -> "ran on " + threads);
        assertTrue(threads.stream().noneMatch(Thread::isVirtual));
    }

    @Test
    void leavesOneCoreToTheOthersByDefault() {
        assertEquals(Math.max(1, Runtime.getRuntime().availableProcessors() - 1), CpuPool.defaultThreads());
    }

    @Test
    void failuresOfTheWorkLeaveAsTheyAreAndCheckedOnesAsACause() {
        var unchecked = new IllegalStateException("no luck");
        var checked = new IOException("unplugged");

        assertSame(unchecked, assertThrows(IllegalStateException.class, () -> pool.compute(() -> {
            throw unchecked;
        })));
        assertSame(checked, assertThrows(CompletionException.class, () -> pool.compute(() -> {
            throw checked;
        })).getCause());
        assertIdle(pool);
    }

    @Test
    void workSeesTheDeadlineAndTheCarriedValues() throws InterruptedException {
        Callable<String> seen = () -> CALLER.get() + " " + TRACE.orElse("untraced") + " " + UNBOUND.orElse("unbound");

        String told = ScopedValue.where(CALLER, "ada").where(TRACE, "t-1").call(() -> pool.compute(seen));
        Duration left = Deadline.in(Duration.ofHours(1)).call(() -> pool.compute(() -> Deadline.current().timeLeft()));

        assertEquals("ada untraced unbound", told);
        assertTrue(left.compareTo(Duration.ofHours(1)) <= 0);
        assertEquals("outside", pool.compute(() -> CALLER.orElse("outside")));
    }

    @Test
    void refusesAtOnceWhenTheQueueIsFull() throws InterruptedException {
        try (var small = new CpuPool(1, Duration.ofNanos(1), List.of())) {
            occupy(small);
            Thread.ofVirtual().start(() -> occupyQuietly(small));
            soon().until(() -> small.queued() == 1);

            assertThrows(Unavailable.class, () -> small.compute(() -> "never"));
            assertEquals(1, small.refused());
            assertEquals(1, small.active());
            assertEquals(1, small.threads());
        }
    }

    @Test
    void workUnderWayIsInterruptedAtTheDeadline() throws InterruptedException {
        var interrupts = new CountDownLatch(5);

        Stopwatch.assertTakes(Duration.ofMillis(50), Duration.ofMillis(150), () -> assertThrows(DeadlinePassed.class,
                () -> Deadline.in(Duration.ofMillis(50)).call(() -> pool.compute(() -> {
                    try {
                        letGo.await();
                    } catch (InterruptedException e) {
                        interrupts.countDown();
                        throw e;
                    }
                    return "never";
                }))));

        assertTrue(interrupts.await(5, SECONDS));
        assertIdle(pool);
    }

    @Test
    void workInTheQueueIsDroppedAtTheDeadline() throws InterruptedException {
        var ran = new AtomicBoolean();
        occupy(pool);
        occupy(pool);

        assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(50)).call(() -> pool.compute(() -> {
            ran.set(true);
            return "never";
        })));
        letGo.countDown();

        assertEquals("next", pool.compute(() -> "next"));
        assertFalse(ran.get());
    }

    @Test
    void workWhoseDeadlineHasPassedIsNotStarted() {
        var ran = new AtomicBoolean();

        assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ZERO).call(() -> pool.compute(() -> {
            ran.set(true);
            return "never";
        })));

        assertIdle(pool);
        assertFalse(ran.get());
    }

    @Test
    void workThatIsDeafKeepsItsPlaceUntilItEnds() throws InterruptedException {
        try (var small = new CpuPool(1, LONG_QUEUE, List.of())) {
            assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(50)).call(() -> small.compute(() -> {
                while (letGo.getCount() > 0) {
                    Thread.onSpinWait();
                }
                return "late";
            })));
            assertEquals(1, small.active());

            letGo.countDown();

            assertIdle(small);
            assertEquals("next", small.compute(() -> "next"));
        }
    }

    @Test
    void anInterruptOfTheCallerInterruptsTheWork() throws InterruptedException {
        var started = new CountDownLatch(1);
        var interrupted = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual()
                .start(() -> assertThrows(InterruptedException.class, () -> pool.compute(() -> {
                    try {
                        started.countDown();
                        letGo.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return "never";
                })));
        started.await();

        caller.interrupt();

        assertTrue(interrupted.await(5, SECONDS));
        assertIdle(pool);
    }

    @Test
    void aClosedPoolTellsItsCallersThatItIsAway() throws InterruptedException {
        var failure = new AtomicReference<Throwable>();
        var started = new CountDownLatch(1);
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                pool.compute(() -> {
                    started.countDown();
                    letGo.await();
                    return "never";
                });
            } catch (InterruptedException | Unavailable e) {
                failure.set(e);
            }
        });
        started.await();

        pool.close();
        pool.close();

        assertTrue(caller.join(Duration.ofSeconds(5)));
        assertInstanceOf(Unavailable.class, failure.get());
        assertThrows(Unavailable.class, () -> pool.compute(() -> "never"));
        assertIdle(pool);
    }

    /// Returns once one more thread of the pool waits for `letGo`.
    private void occupy(CpuPool occupied) throws InterruptedException {
        int before = occupied.active();
        Thread.ofVirtual().start(() -> occupyQuietly(occupied));
        soon().until(() -> occupied.active() > before);
    }

    private void occupyQuietly(CpuPool occupied) {
        try {
            occupied.compute(() -> {
                letGo.await();
                return "done";
            });
        } catch (InterruptedException | Unavailable _) {
            // The test has ended.
        }
    }

    private static void assertIdle(CpuPool idle) {
        soon().until(() -> idle.active() == 0 && idle.queued() == 0);
    }

    private static ConditionFactory soon() {
        return await().pollInSameThread().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1));
    }
}
