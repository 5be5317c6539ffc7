package dev.heddle.lab;

import java.time.Duration;
import java.util.function.Function;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// Waiting as long as one is told to, but not beyond the deadline.
final class Waits {
    private static final Duration SLACK = Duration.ofSeconds(5);

    private Waits() {
    }

    /// Blocks the calling thread for `duration`.
    ///
    /// @throws DeadlinePassed at the current [Deadline], if that is sooner
    static void sleep(Duration duration) throws InterruptedException {
        Duration left = Deadline.current().timeLeft();
        if (left.compareTo(duration) < 0) {
            Thread.sleep(left);
            throw new DeadlinePassed();
        }
        Thread.sleep(duration);
    }

    /// Gives `handler` the time that `wait` says for a request and five seconds more, where the server's own deadline would
    /// be too soon; a sooner one of the caller's holds.
    static Route.Handler patient(Function<Request, Duration> wait, Route.Handler handler) {
        return request -> Deadline.in(wait.apply(request).plus(SLACK)).call(() -> handler.handle(request));
    }

    /// Seconds since `startNanos`, to the millisecond.
    static double secondsSince(long startNanos) {
        return Math.round((System.nanoTime() - startNanos) / 1e6) / 1e3;
    }
}
