package dev.heddle.lab;

import static dev.heddle.lab.WaitingRoutes.LONG_MS;
import static dev.heddle.lab.WaitingRoutes.MS;
import static dev.heddle.lab.Waits.patient;

import java.util.List;

import dev.heddle.server.HandlerThreads;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// The twins of some waiting routes, always on platform threads, so that one process shows both side by side.
final class PlatformRoutes {
    private static final long NUMBERS = 10_000_000;

    private final HandlerThreads threads;

    PlatformRoutes(HandlerThreads threads) {
        this.threads = threads;
    }

    List<Route> routes() {
        return List.of(waiting("/sync", MS, "Wait on a platform thread."),
                waiting("/blocking-operation", LONG_MS,
                        "Wait long on a platform thread, which others cannot use then."),
                Route.get("/sync-data", "Add up all numbers below ten million on a platform thread.").gives(Added.class)
                        .pinned()
                        .handledBy(threads.onPlatform(_ -> new Added("sync", Computations.sumBelow(NUMBERS)))));
    }

    private Route waiting(String path, Parameter<Integer> ms, String summary) {
        Route.Handler wait = request -> waited(request, ms);
        return Route.get(path, summary).with(ms).gives(WaitingRoutes.Waited.class).withoutDeadline().pinned()
                .handledBy(patient(request -> WaitingRoutes.wait(request, ms), threads.onPlatform(wait)));
    }

    private static WaitingRoutes.Waited waited(Request request, Parameter<Integer> ms) throws InterruptedException {
        Waits.sleep(WaitingRoutes.wait(request, ms));
        return WaitingRoutes.Waited.ofWait();
    }

    /// What was added up.
    record Added(String source, long result) {}
}
