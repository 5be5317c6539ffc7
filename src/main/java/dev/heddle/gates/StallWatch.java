package dev.heddle.gates;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.concurrent.Deadline;

/// Interrupts threads that make no progress, where the I/O that they wait for has no timeout of its own.
///
///     var guard = stalls.watch(Duration.ofSeconds(10));
///     try (guard) {
///         while (copySome(in, out)) {
///             guard.progressed();
///         }
///     } catch (IOException e) {
///         throw guard.hasStalled() ? … : e;
///     }
///
/// An interrupt closes the socket that a virtual thread is blocked on (`java.net.Socket`), so the read or write fails
/// at once. A platform thread blocked on a socket does not notice it: watch virtual threads only.
/// One daemon thread looks after all guards, 20 times a second while there are any.
public final class StallWatch implements AutoCloseable {
    private static final Duration TICK = Duration.ofMillis(50);

    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private final long tickNanos;
    private final Thread ticker;
    private volatile boolean isIdle;
    private volatile boolean isClosed;

    public StallWatch() {
        this(TICK);
    }

    StallWatch(Duration tick) {
        tickNanos = tick.toNanos();
        ticker = Thread.ofPlatform().daemon().name("stall watch").start(this::tick);
    }

    /// Watches the calling thread until the guard is closed: interrupts it once, when `limit` (more than zero) passes
    /// without progress or when the current [Deadline] passes; never sooner, and at most 100 ms later.
    public Guard watch(Duration limit) {
        if (!limit.isPositive()) {
            throw new IllegalArgumentException("limit " + limit + " is not more than zero");
        }
        var guard = new Guard(limit);
        guards.add(guard);
        if (isIdle) {
            LockSupport.unpark(ticker);
        }
        return guard;
    }

    /// Ends the watch: nobody is interrupted any more.
    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(ticker);
    }

    private void tick() {
        while (!isClosed) {
            sleepWhileNobodyIsWatched();
            LockSupport.parkNanos(this, tickNanos);
            guards.forEach(Guard::look);
        }
    }

    /// Says that it is idle before it looks again, so that either it sees a new guard or the new guard wakes it.
    private void sleepWhileNobodyIsWatched() {
        while (guards.isEmpty() && !isClosed) {
            isIdle = true;
            if (guards.isEmpty() && !isClosed) {
                LockSupport.park(this);
            }
            isIdle = false;
        }
    }

    /// Watches over one thread. Belongs to that thread, which alone may close it. Tells the truth after its end also.
    public final class Guard implements AutoCloseable {
        private final Thread watched = Thread.currentThread();
        private final Deadline deadline = Deadline.current();
        private final long limitNanos;

        private volatile boolean hasProgressed;
        private volatile boolean hasStalled;
        private long lastProgressNanos = System.nanoTime(); // Of the ticker only, once the guard is made.

        private final ReentrantLock lock = new ReentrantLock();
        private State state = State.WATCHING; // Guarded by lock, and the interrupt with it.

        private Guard(Duration limit) {
            this.limitNanos = NANOSECONDS.convert(limit);
        }

        /// Something was read, written or done: the limit counts anew. Costs one volatile write.
        public void progressed() {
            hasProgressed = true;
        }

        /// Whether the thread was interrupted for want of progress. If it was because the deadline passed, it was not.
        public boolean hasStalled() {
            return hasStalled;
        }

        /// Ends the watch. No interrupt comes afterwards; the one that was sent, if nobody took it, is taken back.
        @Override
        public void close() {
            lock.lock();
            try {
                if (state == State.INTERRUPTED) {
                    Thread.interrupted();
                }
                state = State.CLOSED;
            } finally {
                lock.unlock();
            }
            guards.remove(this);
        }

        private void look() {
            long now = System.nanoTime();
            if (hasProgressed) {
                hasProgressed = false;
                lastProgressNanos = now;
            }
            if (now - lastProgressNanos >= limitNanos) {
                interrupt(true);
            } else if (deadline.isPassed()) {
                interrupt(false);
            }
        }

        private void interrupt(boolean forWantOfProgress) {
            lock.lock();
            try {
                if (state == State.WATCHING) {
                    state = State.INTERRUPTED;
                    hasStalled = forWantOfProgress;
                    watched.interrupt();
                }
            } finally {
                lock.unlock();
            }
            guards.remove(this);
        }
    }

    private enum State {
        WATCHING, INTERRUPTED, CLOSED
    }
}
