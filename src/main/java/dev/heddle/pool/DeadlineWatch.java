package dev.heddle.pool;

import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/// One thread that cuts leases off when their time has come. It sleeps until the soonest of them.
///
/// For a lease that ends in time it costs a volatile write at each end and one volatile read. A thread that adds a lease
/// writes the slot and then reads when the watch will wake; the watch writes when it will wake and then reads the
/// slots: one of them sees the other.
final class DeadlineWatch implements AutoCloseable {
    private static final long LONGEST_SLEEP_NANOS = Duration.ofMinutes(1).toNanos();

    private final AtomicReferenceArray<Lease> slots;
    private final ConcurrentLinkedQueue<Integer> freeSlots = new ConcurrentLinkedQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().name("deadline-watch").unstarted(this::run);
    private volatile long wakeAtNanos = System.nanoTime();
    private volatile boolean isClosed;

    DeadlineWatch(int size) {
        this.slots = new AtomicReferenceArray<>(size);
        for (int slot = 0; slot < size; slot++) {
            freeSlots.add(slot);
        }
    }

    void start() {
        thread.start();
    }

    /// Returns the slot that [#remove] takes back; there are as many as leases can be.
    int add(Lease lease) {
        int slot = freeSlots.remove();
        slots.set(slot, lease);
        wakeFor(lease);
        return slot;
    }

    void remove(int slot) {
        slots.set(slot, null);
        freeSlots.add(slot);
    }

    void wakeFor(Lease lease) {
        if (lease.lookAtNanos() - wakeAtNanos < 0) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!isClosed) {
            long soonest = soonest();
            wakeAtNanos = soonest;
            if (soonest() - soonest >= 0) {
                LockSupport.parkNanos(this, soonest - System.nanoTime());
            }
            look();
        }
    }

    private long soonest() {
        long soonest = System.nanoTime() + LONGEST_SLEEP_NANOS;
        for (int slot = 0; slot < slots.length(); slot++) {
            Lease lease = slots.get(slot);
            if (lease != null && lease.lookAtNanos() - soonest < 0) {
                soonest = lease.lookAtNanos();
            }
        }
        return soonest;
    }

    private void look() {
        for (int slot = 0; slot < slots.length(); slot++) {
            Lease lease = slots.get(slot);
            if (lease != null) {
                lease.look();
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
    }
}
