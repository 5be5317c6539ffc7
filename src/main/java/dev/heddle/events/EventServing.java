package dev.heddle.events;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;

import org.jspecify.annotations.Nullable;

/// Runs the code that sends the events of one answer, beside one thread that keeps the connection alive and one that
/// notices when the caller leaves. Whichever of them ends first ends the others.
///
/// Someone must read the socket for that: of a caller who has left, writing shows nothing until the second write after,
/// which with a heartbeat of 15 s would keep what the code holds for half a minute.
public final class EventServing {
    private static final Duration OPENING = Duration.ofSeconds(1);

    /// What sends the events.
    @FunctionalInterface
    public interface Work {
        void run(EventStream events) throws Exception;
    }

    /// How long the caller stays.
    @FunctionalInterface
    public interface Presence {
        /// Returns when the caller has closed the connection. An interrupt ends the wait and may end the connection.
        void awaitEnd() throws InterruptedException;
    }

    /// `heartbeat` is how long nothing may be sent before a comment is; `stopping` opens when the server stops, which
    /// ends the answer in good order.
    public record Terms(Duration heartbeat, CountDownLatch stopping, Presence caller) {}

    private EventServing() {
    }

    /// Runs `work`, whose events go to `out`, until it ends, the caller leaves or the server stops; then `out` has been
    /// closed. It was never written to if `work` sent nothing.
    ///
    /// The answer begins with the first event, or with a comment after one second; what `work` throws before that can
    /// still be answered.
    ///
    /// @throws IOException if the caller has left, or takes nothing of what is sent
    /// @throws Exception   what `work` throws
    public static void serve(OutputStream out, Work work, Terms terms) throws Exception {
        Duration heartbeat = terms.heartbeat();
        var events = new EventStream(out, heartbeat.compareTo(OPENING) < 0 ? heartbeat : OPENING, heartbeat);
        Outcome<@Nullable Void> first = Gather.named("events").race(List.of(
                outcome(() -> send(events, work)), outcome(() -> keepAlive(events, terms.stopping())),
                outcome(() -> watch(events, terms.caller()))));
        if (first instanceof Outcome.Failure<?>(Throwable cause) && cause instanceof Exception exception) {
            throw exception;
        }
        first.orThrow();
    }

    /// A race is won by the first success; here the first end wins, whichever it is.
    private static Callable<Outcome<@Nullable Void>> outcome(Part part) {
        return () -> Outcome.of(() -> {
            part.run();
            return null;
        });
    }

    @FunctionalInterface
    private interface Part {
        void run() throws Exception;
    }

    private static void send(EventStream events, Work work) throws Exception {
        work.run(events);
        events.end();
    }

    private static void keepAlive(EventStream events, CountDownLatch stopping) throws Exception {
        while (!stopping.await(events.nanosToBeat(), NANOSECONDS)) {
            events.beat();
        }
        events.breakOff();
    }

    /// Before the answer has begun it may have to be one that keeps the connection, so the caller is not watched yet.
    private static void watch(EventStream events, Presence caller) throws Exception {
        events.awaitOpened();
        caller.awaitEnd();
        events.abandon();
        throw new IOException("the caller has left");
    }
}
