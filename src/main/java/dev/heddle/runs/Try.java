package dev.heddle.runs;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.claims.Claim;
import dev.heddle.claims.Claim.Reached;

/// One try of a task on this node, from its claim to its end. Thread-safe.
public final class Try {
    private final Claim claim;
    private final Thread thread = Thread.currentThread();
    private final AtomicReference<Reached> reached;
    private final AtomicReference<Reached> written;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by the lock.
    private boolean isOver;

    /// Belongs to the current thread.
    Try(Claim claim) {
        this.claim = claim;
        this.reached = new AtomicReference<>(claim.reached());
        this.written = new AtomicReference<>(claim.reached());
    }

    public Claim claim() {
        return claim;
    }

    /// Notes how far the work has come, to be written soon. What would go back is not noted.
    public void progress(Reached now) {
        reached.accumulateAndGet(now, (before, after) -> after.isAhead(before) ? after : before);
    }

    Reached reached() {
        return reached.get();
    }

    /// What was noted and not handed out here before.
    Optional<Reached> unwritten() {
        Reached now = reached.get();
        return written.getAndSet(now).equals(now) ? Optional.empty() : Optional.of(now);
    }

    /// What was handed out could not be written.
    void rewrite() {
        written.set(claim.reached());
    }

    /// Tells the work to end; does nothing once it has.
    void interrupt() {
        lock.lock();
        try {
            if (!isOver) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /// The work has ended: what comes now, on the same thread, is not to be interrupted.
    void over() {
        lock.lock();
        try {
            isOver = true;
            Thread.interrupted();
        } finally {
            lock.unlock();
        }
    }
}
