package dev.heddle.gates;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;

/// Lets at most so many at once into a scarce thing, first come first served, and turns away who would wait too long.
///
///     try (var pass = gate.enter()) {
///         … use the scarce thing …
///     }
///
/// As many may wait as can be served within `longestQueue` at the recent hold time, but always one behind each permit:
/// with fewer, a permit given back could lie idle while work is being refused. The one behind waits for about one hold.
///
/// The hold time is a moving average over some eight passes, each counted as at most eight times the average before it.
/// So one export that holds for minutes at most doubles it, and a thing that turned fifty times slower is known to be
/// more than half as slow after eight passes. While nobody goes in or out, all inside have been there at least that
/// long: once that is longer than `longestQueue` it counts too, so a thing that hangs gathers no crowd, while a short
/// pause of the whole process turns nobody away. Before the first pass comes back the hold counts as none, and the first
/// one, which may have had a connection to open, as no more than an eighth of `longestQueue`.
///
/// Fairness is what keeps the slowest fast: 64 virtual threads before 20 connections had a 99th percentile of 5 ms
/// with a fair semaphore, 14 ms with an unfair one, and 60 to 220 ms without any. Thread-safe.
public final class Gate {
    private static final int WEIGHT = 8;
    private static final Duration FOR_EVER = Duration.ofDays(3650);

    // One for all gates. A virtual thread that parks with a time of its own has the JDK's timer thread woken each time it
    // comes and goes, which cost a tenth of the throughput of one row by key through a full gate.
    private static final StallWatch DEADLINES = new StallWatch(Duration.ofMillis(20));

    private static final long SHORTEST_HOLD_NANOS = 1_000;

    private final String name;
    private final int permits;
    private final long longestQueueNanos;
    private final Semaphore free;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder refused = new LongAdder();

    // Both are written without a lock by everybody who passes: a lost sample among many changes nothing.
    private volatile long holdNanos;
    private volatile long lastMoveNanos = System.nanoTime();

    /// `name` is what callers are told about, such as "the database". `permits` and `longestQueue` are more than zero.
    public Gate(String name, int permits, Duration longestQueue) {
        if (permits < 1) {
            throw new IllegalArgumentException("permits " + permits + " is under 1");
        }
        if (!longestQueue.isPositive()) {
            throw new IllegalArgumentException("longestQueue " + longestQueue + " is not more than zero");
        }
        this.name = name;
        this.permits = permits;
        this.longestQueueNanos = NANOSECONDS.convert(longestQueue);
        this.free = new Semaphore(permits, true);
    }

    /// Waits in line until there is room inside; the returned pass must be closed to go out again.
    ///
    /// @throws Unavailable    at once, if too many are waiting already; to be tried again after `longestQueue`
    /// @throws DeadlinePassed if the current [Deadline] passes while waiting; a free permit comes without a look at it
    public Pass enter() throws InterruptedException {
        // The plain tryAcquire() would push in before those who wait; the one with a time does not.
        if (!free.tryAcquire(0, NANOSECONDS)) {
            queue();
        }
        return new Pass();
    }

    private void queue() throws InterruptedException {
        Deadline.current().check();
        takePlace();
        try (var _ = DEADLINES.watch(FOR_EVER)) {
            free.acquire();
        } catch (InterruptedException e) {
            if (Deadline.current().isPassed()) {
                throw new DeadlinePassed(e);
            }
            throw e;
        } finally {
            waiting.decrementAndGet();
        }
    }

    private void takePlace() {
        int most = mostWaiting();
        if (waiting.getAndUpdate(count -> count < most ? count + 1 : count) >= most) {
            refused.increment();
            throw new Unavailable("too many are waiting for " + name, Duration.ofNanos(longestQueueNanos));
        }
    }

    /// Infinitely many at a hold time of zero, which the cast makes [Integer#MAX_VALUE].
    private int mostWaiting() {
        long silence = System.nanoTime() - lastMoveNanos;
        long hold = silence > longestQueueNanos ? Math.max(holdNanos, silence) : holdNanos;
        return (int) Math.max(permits, permits * (double) longestQueueNanos / hold);
    }

    private void sample(long heldNanos) {
        long average = holdNanos;
        holdNanos = average == 0 ? Math.min(heldNanos, longestQueueNanos / WEIGHT) : averageHold(average, heldNanos);
    }

    /// The moving average, and at least a microsecond so that it can always grow again.
    static long averageHold(long average, long held) {
        long bounded = Math.min(held, WEIGHT * average);
        return Math.max(SHORTEST_HOLD_NANOS, average + (bounded - average) / WEIGHT);
    }

    /// How many may be inside at once.
    public int permits() {
        return permits;
    }

    /// How many are inside now.
    public int inside() {
        return permits - free.availablePermits();
    }

    /// How many wait in line now.
    public int waiting() {
        return waiting.get();
    }

    /// How many were turned away since the gate was made.
    public long refused() {
        return refused.sum();
    }

    /// The right to be inside, until closed. Any thread may close it, and more than once: only the first time counts.
    public final class Pass implements AutoCloseable {
        private volatile long sinceNanos = System.nanoTime();
        private final AtomicBoolean isInside = new AtomicBoolean(true);

        private Pass() {
            lastMoveNanos = sinceNanos;
        }

        /// Counts the hold from now on: what was before, such as opening a connection, is not what the next one will cost.
        public void restart() {
            sinceNanos = System.nanoTime();
        }

        /// Goes out and lets the first in line in.
        @Override
        public void close() {
            if (isInside.compareAndSet(true, false)) {
                long now = System.nanoTime();
                sample(now - sinceNanos);
                lastMoveNanos = now;
                free.release();
            }
        }
    }
}
