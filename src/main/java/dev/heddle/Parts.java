package dev.heddle;

import java.util.ArrayDeque;
import java.util.Deque;

/// The parts of a running server that must be stopped: in the reverse of the order in which they were started.
/// Thread-safe; who closes second waits until all is stopped.
final class Parts implements AutoCloseable {
    // Guarded by this object's lock.
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    /// Stops `part` when this is closed, before all that was kept earlier.
    synchronized <T extends AutoCloseable> T keep(T part) {
        started.push(part);
        return part;
    }

    /// Stops all parts, even if some fail to; does nothing the second time.
    ///
    /// @throws IllegalStateException if a part could not be stopped, for the first such reason; the others are suppressed
    @Override
    public synchronized void close() {
        RuntimeException first = null;
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = new IllegalStateException("a part could not be stopped", e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /// Stops all parts because of `failure`, which is what shall be told; whatever else goes wrong is suppressed in it.
    void closeAfter(Throwable failure) {
        try {
            close();
        } catch (IllegalStateException e) {
            failure.addSuppressed(e);
        }
    }
}
