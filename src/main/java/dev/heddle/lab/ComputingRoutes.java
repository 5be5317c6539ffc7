package dev.heddle.lab;

import static dev.heddle.web.Parameter.from;

import java.time.Duration;
import java.util.List;

import dev.heddle.gates.CpuPool;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// Experiments that compute, on the few threads that are there for it.
final class ComputingRoutes {
    private static final Parameter<Integer> N = Parameter.count("n", 100_000_000, from(0, 1_000_000_000),
            "Below which number to add up.");
    private static final Parameter<Integer> ITEM = Parameter.number("item_id", from(0, 300),
            "How many times 10,000 squares to add up.");
    private static final Parameter<String> DATA = Parameter.segment("data", 1_000, "What to hash.");
    private static final Duration MIXED_WAIT = Duration.ofMillis(500);
    private static final int ROUNDS = 1_000_000;
    private static final long SQUARES_PER_ITEM = 10_000;

    private final CpuPool processor;

    ComputingRoutes(CpuPool processor) {
        this.processor = processor;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/heavy", "Add up all numbers below n.").with(N).gives(Sum.class)
                        .handledBy(
                                request -> new Sum(processor.compute(() -> Computations.sumBelow(request.value(N))))),
                Route.get("/mixed/{item_id}", "Wait half a second, then compute.").with(ITEM).gives(Mixed.class)
                        .handledBy(this::mixed),
                Route.get("/process/{data}", "Hash a text a million times over.").with(DATA).gives(Hash.class)
                        .handledBy(request -> new Hash(
                                processor.compute(() -> Computations.hashed(request.value(DATA), ROUNDS)))));
    }

    /// A sum.
    record Sum(long result) {}

    /// A SHA-256, in hexadecimal.
    record Hash(String result) {}

    /// What was computed for which item.
    record Mixed(int itemId, long result) {}

    private Mixed mixed(Request request) throws InterruptedException {
        int item = request.value(ITEM);
        Waits.sleep(MIXED_WAIT);
        return new Mixed(item, processor.compute(() -> Computations.sumOfSquaresBelow(item * SQUARES_PER_ITEM)));
    }
}
