package dev.heddle.limits;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// When the requests of one client came that count now: the log of a sliding window, which is exact at its edges, where
/// a bucket that refills admits nearly twice the limit.
///
/// A request at time t counts until t + window, exclusively. Thread-safe.
final class Arrivals {
    private static final int FIRST_ROOM = 4;

    private final int limit;
    private final long windowNanos;
    private final LongSupplier clock;

    // The lock guards the three fields below it.
    private final ReentrantLock lock = new ReentrantLock();
    // A ring that grows up to the limit, because most clients ask once and are never seen again.
    private long[] ring;
    private int oldest;
    private int count;

    /// `clock` tells nanoseconds and never goes back.
    Arrivals(Limit limit, LongSupplier clock) {
        this.limit = limit.requests();
        this.windowNanos = limit.window().toNanos();
        this.clock = clock;
        this.ring = new long[Math.min(this.limit, FIRST_ROOM)];
    }

    /// Counts a request that comes now, if it may.
    Decision admit() {
        lock.lock();
        try {
            long now = now();
            if (count == limit) {
                return refused(now);
            }
            add(now);
            return new Decision.Allowed(limit, limit - count, untilOldestLeaves(now));
        } finally {
            lock.unlock();
        }
    }

    /// How a request that came now would be refused; empty if it would not.
    Optional<Decision.Refused> refusal() {
        lock.lock();
        try {
            long now = now();
            return count == limit ? Optional.of(refused(now)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Counts a request that was allowed elsewhere, in place of the oldest if there are too many.
    void note() {
        lock.lock();
        try {
            long now = now();
            if (count == limit) {
                forgetOldest();
            }
            add(now);
        } finally {
            lock.unlock();
        }
    }

    /// Read under the lock, so that the ring is in order.
    private long now() {
        long now = clock.getAsLong();
        while (count > 0 && now - ring[oldest] >= windowNanos) {
            forgetOldest();
        }
        return now;
    }

    private void forgetOldest() {
        oldest = (oldest + 1) % ring.length;
        count--;
    }

    private void add(long now) {
        if (count == ring.length) {
            grow();
        }
        ring[(oldest + count) % ring.length] = now;
        count++;
    }

    private void grow() {
        var larger = new long[Math.min(limit, 2 * ring.length)];
        for (int i = 0; i < count; i++) {
            larger[i] = ring[(oldest + i) % ring.length];
        }
        ring = larger;
        oldest = 0;
    }

    private Decision.Refused refused(long now) {
        return new Decision.Refused(limit, untilOldestLeaves(now));
    }

    private Duration untilOldestLeaves(long now) {
        return Duration.ofNanos(windowNanos - (now - ring[oldest]));
    }
}
