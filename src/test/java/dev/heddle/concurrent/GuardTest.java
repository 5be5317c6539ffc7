package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GuardTest {
    private static final Duration SOON = Duration.ofMillis(50);

    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void runsWhenTheDeadlinePassesAndNotBefore() throws InterruptedException {
        Deadline deadline = Deadline.in(SOON);
        var wasPassed = new CountDownLatch(1);

        Deadline.Guard guard = deadline.whenPassed(() -> {
            if (deadline.isPassed()) {
                wasPassed.countDown();
            }
        });

        assertTrue(wasPassed.await(10, TimeUnit.SECONDS));
        assertTrue(guard.hasRun());
    }

    @Test
    void runsNothingOnceItIsClosed() throws InterruptedException {
        Deadline.Guard guard = Deadline.in(SOON).whenPassed(runs::incrementAndGet);

        guard.close();
        guard.close();
        awaitPassed(SOON.multipliedBy(2));

        assertEquals(0, runs.get());
        assertFalse(guard.hasRun());
    }

    @Test
    void runsOnceAndSaysSoAfterItsEndAlso() throws InterruptedException {
        var ran = new CountDownLatch(1);
        Deadline.Guard guard = Deadline.in(Duration.ZERO).whenPassed(() -> {
            runs.incrementAndGet();
            ran.countDown();
        });
        assertTrue(ran.await(10, TimeUnit.SECONDS));

        guard.close();
        awaitPassed(SOON);

        assertEquals(1, runs.get());
        assertTrue(guard.hasRun());
    }

    @Test
    void oneThatFailsHoldsUpNoOther() throws InterruptedException {
        List<CountDownLatch> latches = IntStream.range(0, 20).mapToObj(_ -> new CountDownLatch(1)).toList();
        Deadline deadline = Deadline.in(SOON);

        for (CountDownLatch latch : latches) {
            deadline.whenPassed(() -> {
                latch.countDown();
                if (latch == latches.getFirst()) {
                    throw new IllegalStateException("as this test wants it");
                }
            });
        }

        for (CountDownLatch latch : latches) {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        }
    }

    /// Waits until a guard of this time has run.
    private static void awaitPassed(Duration duration) throws InterruptedException {
        var passed = new CountDownLatch(1);
        Deadline.in(duration).whenPassed(passed::countDown);
        assertTrue(passed.await(10, TimeUnit.SECONDS));
    }
}
