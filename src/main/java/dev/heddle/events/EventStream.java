package dev.heddle.events;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/// The events of one answer, in plain blocking code:
///
///     for (int i = 0; i < 10; i++) {
///         events.send(Event.data(i));
///         events.pause(Duration.ofMillis(500));
///     }
///
/// While the code waits, for whatever it waits for, comments keep the connection alive. When the caller leaves, or the
/// server stops, the thread that writes events is interrupted: any wait ends, and so does the next [#send(Event)].
/// Thread-safe.
public final class EventStream {
    /// A comment, which readers pass over; the empty line lets go what proxies hold back until an event is whole.
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

    private final OutputStream out;
    private final long heartbeatNanos;
    private final CountDownLatch opened = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean hasEnded;
    private long nextBeatNanos; // Guarded by lock, as is every use of out.

    /// Events go to `out`, which is flushed after each. If nothing is sent, a comment goes out after `opening`, then
    /// one whenever nothing was sent for `heartbeat`.
    EventStream(OutputStream out, Duration opening, Duration heartbeat) {
        this.out = out;
        this.heartbeatNanos = heartbeat.toNanos();
        this.nextBeatNanos = System.nanoTime() + opening.toNanos();
    }

    /// Sends `event` at once; waits while the caller does not take what was sent before, but not longer than the
    /// server's patience.
    ///
    /// @throws IOException if the caller has left or takes nothing, or the server stops
    public void send(Event event) throws IOException {
        write(event.written().getBytes(StandardCharsets.UTF_8));
    }

    /// Blocks the calling thread for `duration`, while comments keep the connection alive.
    ///
    /// @throws InterruptedException if the caller leaves or the server stops
    public void pause(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    /// Sends a comment if nothing else was sent for long enough.
    void beat() throws IOException {
        lock.lock();
        try {
            if (!hasEnded && nanosToBeat() <= 0) {
                write(COMMENT);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nanoseconds until a comment is due.
    long nanosToBeat() {
        lock.lock();
        try {
            return nextBeatNanos - System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the answer in good order where there would be more to send: a browser connects again then.
    void breakOff() throws IOException {
        lock.lock();
        try {
            if (!hasEnded && !hasBegun()) {
                write(COMMENT);
            }
            end();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasBegun() {
        return opened.getCount() == 0;
    }

    /// Waits until something was sent, so that the answer has begun.
    void awaitOpened() throws InterruptedException {
        opened.await();
    }

    /// Ends the answer in good order, if it has begun. Nothing can be sent after it.
    void end() throws IOException {
        lock.lock();
        try {
            if (!hasEnded && hasBegun()) {
                out.close();
            }
            hasEnded = true;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing can be sent any more: nobody reads it. Does not wait for what is being sent.
    void abandon() {
        hasEnded = true;
    }

    private void write(byte[] bytes) throws IOException {
        lock.lock();
        try {
            if (hasEnded) {
                throw new IOException("the stream of events has ended");
            }
            out.write(bytes);
            out.flush();
            nextBeatNanos = System.nanoTime() + heartbeatNanos;
            opened.countDown();
        } finally {
            lock.unlock();
        }
    }
}
