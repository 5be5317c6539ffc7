package dev.heddle.lab;

import static dev.heddle.lab.Waits.patient;
import static dev.heddle.lab.Waits.secondsSince;
import static dev.heddle.web.Parameter.from;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.heddle.concurrent.Gather;
import dev.heddle.traces.Traces;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// Experiments that wait: once, one after the other, all at once.
final class WaitingRoutes {
    static final Parameter<Integer> MS = ms(1_000);
    static final Parameter<Integer> LONG_MS = ms(10_000);
    private static final Parameter<Integer> COMPARED_MS = ms(2_000);
    private static final Parameter<Integer> N = Parameter.count("n", 3, from(1, 100), "How many waits.");
    private static final Duration LIFECYCLE = Duration.ofSeconds(1);
    private static final Duration TRACED = Duration.ofMillis(100);
    private static final Duration TRACED_QUERY = Duration.ofMillis(50);

    List<Route> routes() {
        return List.of(
                Route.get("/async", "Wait on a virtual thread.").with(MS).gives(Waited.class).withoutDeadline()
                        .pinned()
                        .handledBy(patient(request -> wait(request, MS), WaitingRoutes::async)),
                Route.get("/async-data", "Wait on a virtual thread, and give some data.").with(MS).gives(Data.class)
                        .withoutDeadline().pinned()
                        .handledBy(patient(request -> wait(request, MS), WaitingRoutes::data)),
                Route.get("/non-blocking-operation", "Wait long on a virtual thread, which blocks nobody else.")
                        .with(LONG_MS).gives(Waited.class).withoutDeadline().pinned()
                        .handledBy(patient(request -> wait(request, LONG_MS), WaitingRoutes::nonBlocking)),
                Route.get("/compare", "Wait several times one after the other, then all at once.").with(N, COMPARED_MS)
                        .gives(Comparison.class).withoutDeadline()
                        .handledBy(patient(WaitingRoutes::comparisonTakes, WaitingRoutes::compare)),
                Route.get("/good-async", "Three waits, gathered.").with(MS).gives(Three.class).withoutDeadline()
                        .handledBy(patient(request -> wait(request, MS), WaitingRoutes::gathered)),
                Route.get("/bad-sync", "Three waits, one after the other.").with(MS).gives(Three.class)
                        .withoutDeadline()
                        .handledBy(patient(request -> wait(request, MS).multipliedBy(3), WaitingRoutes::inSequence)),
                Route.get("/lifecycle", "Three tasks at once, and what happens to each when.").gives(Lifecycle.class)
                        .withoutDeadline().handledBy(patient(_ -> LIFECYCLE, _ -> lifecycle())),
                Route.get("/traced-endpoint", "Two waits, one within the other, each a span of the trace.")
                        .gives(Traced.class).handledBy(_ -> Traces.span("process_request", WaitingRoutes::process)));
    }

    private static Parameter<Integer> ms(int fallback) {
        return Parameter.count("ms", fallback, from(0, 60_000), "How many milliseconds to wait.");
    }

    static Duration wait(Request request, Parameter<Integer> ms) {
        return Duration.ofMillis(request.value(ms));
    }

    /// What happened.
    record Waited(String message) {
        /// Says on which kind of thread it is made.
        static Waited ofWait() {
            return new Waited((Thread.currentThread().isVirtual() ? "a virtual" : "a platform") + " thread waited");
        }
    }

    private static Waited async(Request request) throws InterruptedException {
        Waits.sleep(wait(request, MS));
        return Waited.ofWait();
    }

    private static Waited nonBlocking(Request request) throws InterruptedException {
        Waits.sleep(wait(request, LONG_MS));
        return Waited.ofWait();
    }

    /// Some data, and when they were got.
    record Data(String source, List<Integer> data, Instant timestamp) {}

    private static Data data(Request request) throws InterruptedException {
        Waits.sleep(wait(request, MS));
        return new Data("async", List.of(1, 2, 3), Instant.now());
    }

    /// How long the same waits took.
    record Comparison(double sequentialSeconds, double gatheredSeconds) {}

    private static Duration comparisonTakes(Request request) {
        return wait(request, COMPARED_MS).multipliedBy(request.value(N) + 1L);
    }

    private static Comparison compare(Request request) throws Exception {
        List<Callable<String>> waits = Collections.nCopies(request.value(N), () -> {
            Waits.sleep(wait(request, COMPARED_MS));
            return "done";
        });
        long start = System.nanoTime();
        for (Callable<String> wait : waits) {
            wait.call();
        }
        double sequential = secondsSince(start);
        long second = System.nanoTime();
        Gather.all(waits);
        return new Comparison(sequential, secondsSince(second));
    }

    /// Three things that each took a wait to get, and how long it took to get them all.
    record Three(String data1, String data2, String data3, double seconds) {}

    private static Three gathered(Request request) throws InterruptedException {
        long start = System.nanoTime();
        return Gather.combine(() -> fetch(request, 1), () -> fetch(request, 2), () -> fetch(request, 3),
                (one, two, three) -> new Three(one, two, three, secondsSince(start)));
    }

    private static Three inSequence(Request request) throws InterruptedException {
        long start = System.nanoTime();
        return new Three(fetch(request, 1), fetch(request, 2), fetch(request, 3), secondsSince(start));
    }

    private static String fetch(Request request, int number) throws InterruptedException {
        Waits.sleep(wait(request, MS));
        return "data " + number;
    }

    /// Something that happened to a task, in seconds since the beginning.
    record Event(String task, String event, double seconds) {}

    /// What happened, in order.
    record Lifecycle(List<Event> events, double seconds) {}

    private static Lifecycle lifecycle() throws InterruptedException {
        long start = System.nanoTime();
        var events = new ConcurrentLinkedQueue<Event>();
        Gather.named("lifecycle").all(List.of(task("A", LIFECYCLE, events), task("B", Duration.ofMillis(500), events),
                task("C", Duration.ofMillis(800), events)));
        return new Lifecycle(List.copyOf(events), secondsSince(start));
    }

    private static Callable<String> task(String name, Duration wait, Queue<Event> events) {
        long start = System.nanoTime();
        return () -> {
            events.add(new Event(name, "started", secondsSince(start)));
            Waits.sleep(wait);
            events.add(new Event(name, "ended", secondsSince(start)));
            return name;
        };
    }

    /// What was done, and under which id its trace is found.
    record Traced(String message, String traceId) {}

    private static Traced process() throws InterruptedException {
        Traces.attribute("custom.attribute", "value");
        Waits.sleep(TRACED.minus(TRACED_QUERY));
        String message = Traces.span("database_query", () -> {
            Waits.sleep(TRACED_QUERY);
            return "processed";
        });
        return new Traced(message, Traces.id().orElseThrow());
    }
}
