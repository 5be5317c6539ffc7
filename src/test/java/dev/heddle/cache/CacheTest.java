package dev.heddle.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import dev.heddle.cache.Cache.Cached;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CacheTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Cache<String, Integer> cache = new Cache<>(100, Duration.ofSeconds(10), nanos::get);
    private final AtomicInteger computed = new AtomicInteger();

    @Test
    void aValueIsComputedOnceAndThenKept() {
        assertEquals(new Cached<>(1, false), cache.get("a", computed::incrementAndGet));
        assertEquals(new Cached<>(1, true), cache.get("a", computed::incrementAndGet));
        assertEquals(new Cached<>(2, false), cache.get("b", computed::incrementAndGet));
    }

    @Test
    void aHundredWhoAskAtOnceShareOneComputation() throws InterruptedException {
        var all = new CountDownLatch(100);
        Callable<Cached<Integer>> ask = () -> {
            all.countDown();
            return cache.get("a", () -> {
                await(all);
                return computed.incrementAndGet();
            });
        };

        List<Cached<Integer>> got = Gather.all(Collections.nCopies(100, ask));

        assertEquals(1, computed.get());
        assertEquals(99, got.stream().filter(Cached::isHit).count());
        assertTrue(got.stream().allMatch(each -> each.value() == 1));
    }

    @Test
    void aValueIsForgottenWhenItsTimeIsOverAndNotBefore() {
        cache.get("a", computed::incrementAndGet);

        nanos.addAndGet(Duration.ofSeconds(10).toNanos() - 1);
        assertTrue(cache.get("a", computed::incrementAndGet).isHit());

        nanos.incrementAndGet();
        assertEquals(new Cached<>(2, false), cache.get("a", computed::incrementAndGet));
    }

    @Test
    void noMoreValuesAreKeptThanTheBound() {
        for (int i = 0; i < 1_000; i++) {
            cache.get("key " + i, computed::incrementAndGet);
        }

        assertTrue(cache.size() <= 100, () -> cache.size() + " values");
    }

    @Test
    void aFailureIsPassedOnAndNotKept() {
        var failure = new IllegalStateException("no");

        assertSame(failure, assertThrows(IllegalStateException.class, () -> cache.get("a", failing(failure))));

        assertEquals(new Cached<>(1, false), cache.get("a", computed::incrementAndGet));
    }

    @Test
    void thoseWhoWaitShareAFailureThatIsAboutTheValue() throws InterruptedException {
        var failure = new IllegalStateException("no");
        var waiting = new WaitingCalls(20);

        List<Outcome<Cached<Integer>>> outcomes = waiting.behind(() -> {
            computed.incrementAndGet();
            throw failure;
        }, computed::incrementAndGet);

        assertEquals(1, computed.get());
        assertTrue(outcomes.stream().allMatch(outcome -> outcome.equals(new Outcome.Failure<>(failure))));
    }

    @Test
    void anotherTakesOverWhenTheFirstRanOutOfTime() throws InterruptedException {
        takesOverAfter(new DeadlinePassed());
    }

    @Test
    void anotherTakesOverWhenTheFirstWasInterrupted() throws InterruptedException {
        takesOverAfter(new CancellationException("interrupted"));
    }

    private void takesOverAfter(RuntimeException reason) throws InterruptedException {
        var waiting = new WaitingCalls(20);

        List<Outcome<Cached<Integer>>> outcomes = waiting.behind(failing(reason), computed::incrementAndGet);

        assertEquals(new Outcome.Failure<>(reason), outcomes.getFirst());
        assertEquals(1, computed.get());
        assertEquals(20, outcomes.stream().filter(Outcome.Success.class::isInstance).count());
    }

    @Test
    void whatIsDroppedWhileItIsComputedIsNotKept() throws InterruptedException {
        var waiting = new WaitingCalls(1);

        List<Outcome<Cached<Integer>>> outcomes = waiting.behind(() -> {
            cache.drop("a");
            return -1;
        }, computed::incrementAndGet);

        assertEquals(new Outcome.Success<>(new Cached<>(-1, true)), outcomes.getLast());
        assertEquals(new Cached<>(1, false), cache.get("a", computed::incrementAndGet));
    }

    @Test
    void whoAsksAfterADropDoesNotWaitForWhatWasBegunBeforeIt() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var dropped = new CountDownLatch(1);

        List<Cached<Integer>> got = Gather.all(List.of(() -> cache.get("a", () -> {
            begun.countDown();
            await(dropped);
            return -1;
        }), () -> {
            await(begun);
            cache.drop("a");
            Cached<Integer> fresh = cache.get("a", computed::incrementAndGet);
            dropped.countDown();
            return fresh;
        }));

        assertEquals(List.of(new Cached<>(-1, false), new Cached<>(1, false)), got);
        assertEquals(new Cached<>(1, true), cache.get("a", computed::incrementAndGet));
    }

    @Test
    void whoWaitsGivesUpAtTheirOwnDeadline() throws InterruptedException {
        var over = new CountDownLatch(1);
        var begun = new CountDownLatch(1);

        List<Outcome<Cached<Integer>>> outcomes = Gather.settle(List.of(() -> cache.get("a", () -> {
            begun.countDown();
            await(over);
            return 7;
        }), () -> {
            await(begun);
            try {
                return Deadline.in(Duration.ofMillis(20)).call(() -> cache.get("a", computed::incrementAndGet));
            } finally {
                over.countDown();
            }
        }));

        assertTrue(outcomes.getLast() instanceof Outcome.Failure(DeadlinePassed _), outcomes::toString);
        assertEquals(new Cached<>(7, true), cache.get("a", computed::incrementAndGet));
    }

    @Test
    void whoWaitsCanBeInterruptedAndStaysSo() throws InterruptedException {
        var over = new CountDownLatch(1);
        var begun = new CountDownLatch(1);

        List<Boolean> interrupted = Gather.all(List.of(() -> cache.get("a", () -> {
            begun.countDown();
            await(over);
            return 7;
        }).isHit(), () -> {
            await(begun);
            Thread.currentThread().interrupt();
            assertThrows(CancellationException.class, () -> cache.get("a", computed::incrementAndGet));
            over.countDown();
            return Thread.interrupted();
        }));

        assertEquals(List.of(false, true), interrupted);
        assertFalse(Thread.currentThread().isInterrupted());
    }

    private static Supplier<Integer> failing(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS), "waited for too long");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Calls that ask for `a` and wait for it when the first computation ends.
    private final class WaitingCalls {
        private final int count;
        private final CountDownLatch begun = new CountDownLatch(1);
        private final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());

        WaitingCalls(int count) {
            this.count = count;
        }

        /// How the first ended, whose computation is `first`, and then the others, whose is `then`.
        List<Outcome<Cached<Integer>>> behind(Supplier<Integer> first, Supplier<Integer> then)
                throws InterruptedException {
            var calls = new ArrayList<Callable<Cached<Integer>>>();
            calls.add(() -> cache.get("a", () -> {
                begun.countDown();
                awaitAllWaiting();
                return first.get();
            }));
            calls.addAll(Collections.nCopies(count, () -> {
                await(begun);
                threads.add(Thread.currentThread());
                return cache.get("a", then);
            }));
            return Gather.settle(calls);
        }

        private void awaitAllWaiting() {
            while (threads.size() < count || threads.stream().anyMatch(each -> !isWaiting(each))) {
                LockSupport.parkNanos(100_000);
            }
        }

        /// A future is what parks a thread in this way; nothing else here does.
        private static boolean isWaiting(Thread thread) {
            return LockSupport.getBlocker(thread) instanceof ForkJoinPool.ManagedBlocker;
        }
    }
}
