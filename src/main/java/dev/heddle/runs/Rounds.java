package dev.heddle.runs;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Does something again and again, on a thread of its own, until it is closed. What goes wrong in one round is logged, and
/// the next one is tried.
final class Rounds implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Rounds.class.getName());

    private final Duration pause;
    private final Runnable round;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closed = lock.newCondition();
    private final Thread thread;
    // Guarded by the lock.
    private boolean isClosed;

    Rounds(String name, Duration pause, Runnable round) {
        this.pause = pause;
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    Rounds start() {
        thread.start();
        return this;
    }

    private void run() {
        while (isNextDue()) {
            try {
                round.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "event=round_failed of=" + thread.getName() + " reason=\"" + e.getMessage()
                        + "\"");
            }
        }
    }

    private boolean isNextDue() {
        long left = pause.toNanos();
        lock.lock();
        try {
            while (!isClosed && left > 0) {
                left = closed.awaitNanos(left);
            }
            return !isClosed;
        } catch (InterruptedException _) {
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the round under way end, and waits for it a while.
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            closed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
