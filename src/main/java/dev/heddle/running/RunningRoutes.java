package dev.heddle.running;

import static dev.heddle.web.Parameter.from;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.web.Parameter;
import dev.heddle.web.Route;

import org.jspecify.annotations.Nullable;

/// What can be asked about the requests in flight. All who ask within half a second are shown the same, so that what it costs
/// does not grow with them.
public final class RunningRoutes {
    private static final Duration KEPT = Duration.ofMillis(500);
    private static final int USUAL = 50;
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", USUAL, from(1, Survey.MOST_REQUESTS),
            "How many requests to show at most, the oldest first.");

    private final Running running;
    /// Guards the fields below.
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Snapshot kept;
    private long keptSince;

    public RunningRoutes(Running running) {
        this.running = running;
    }

    /// Pinned, so that it also answers when no platform thread is free.
    public List<Route> routes() {
        return List.of(Route.get("/running", "The requests in flight, what they have gathered, and where they stand.")
                .with(LIMIT).gives(Snapshot.class).pinned()
                .handledBy(request -> snapshot().limit(request.value(LIMIT))));
    }

    private Snapshot snapshot() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (kept == null || System.nanoTime() - keptSince > KEPT.toNanos()) {
                kept = running.snapshot();
                keptSince = System.nanoTime();
            }
            return kept;
        } finally {
            lock.unlock();
        }
    }
}
