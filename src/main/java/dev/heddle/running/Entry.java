package dev.heddle.running;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;

import dev.heddle.concurrent.Deadline;

import org.jspecify.annotations.Nullable;

/// Something that runs now and is what `what` says: made by the thread that it begins on. Thread-safe.
final class Entry<W> {
    private final W what;
    private final long startNanos = System.nanoTime();
    private final Set<Entry<Turn>> calls = ConcurrentHashMap.newKeySet();
    private volatile Deadline deadline = Deadline.current();
    private volatile Thread thread = Thread.currentThread();
    private volatile boolean isOver;

    Entry(W what) {
        this.what = what;
    }

    W what() {
        return what;
    }

    Deadline deadline() {
        return deadline;
    }

    void bound(Deadline found) {
        deadline = found;
    }

    /// The calls that it has gathered and that have not ended.
    Set<Entry<Turn>> calls() {
        return calls;
    }

    /// The thread on which it goes on at present.
    Thread thread() {
        return thread;
    }

    /// Whether its thread may be at something else by now. Threads of connections serve one request after the other.
    boolean isOver() {
        return isOver;
    }

    /// Zero for what began after `now`.
    long ageNanos(long now) {
        return Math.max(0, now - startNanos);
    }

    /// Does `work`, with which this goes on, on the calling thread, while its own waits for it.
    <T extends @Nullable Object> T goOn(Callable<? extends T> work) throws Exception {
        Thread waiting = thread;
        thread = Thread.currentThread();
        try {
            return work.call();
        } finally {
            thread = waiting;
        }
    }

    void stand(Collection<Entry<W>> among) {
        among.add(this);
    }

    void leave(Collection<Entry<W>> among) {
        isOver = true;
        among.remove(this);
    }
}
