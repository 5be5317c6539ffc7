package dev.heddle.concurrent;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/// One go at `calls`: threads take them in turn, until all are made, an outcome decides the round, or time is up.
///
/// Taking turns keeps a limit exactly, and ten thousand calls need no more threads than may run at once.
final class Round<T extends @Nullable Object> {
    private final String name;
    private final List<? extends Callable<? extends T>> calls;
    private final Predicate<Outcome<T>> decides;
    private final int threads;
    private final AtomicInteger nextTurn;
    private final AtomicReferenceArray<@Nullable Outcome<T>> outcomes;
    private final AtomicReference<@Nullable Outcome<T>> decision = new AtomicReference<>();

    Round(String name, List<? extends Callable<? extends T>> calls, Predicate<Outcome<T>> decides, int limit) {
        this.name = name;
        this.calls = List.copyOf(calls);
        this.decides = decides;
        this.threads = Math.min(limit, calls.size());
        this.nextTurn = new AtomicInteger(threads);
        this.outcomes = new AtomicReferenceArray<>(calls.size());
    }

    String name() {
        return name;
    }

    /// How many threads shall take turns.
    int threads() {
        return threads;
    }

    /// Makes the call `first`, then one after the other that no thread has taken yet. What ends after the round was
    /// cancelled does not count. Returns whether an outcome decided the round.
    boolean takeTurns(int first, BooleanSupplier isCancelled) {
        for (int turn = first; turn < calls.size(); turn = nextTurn()) {
            Outcome<T> outcome = Outcome.of(Interceptor.intercepted(calls.get(turn), name, turn));
            // An interrupt that a call leaves behind is not meant for the next; that of a cancelled round shows here.
            Thread.interrupted();
            if (isCancelled.getAsBoolean()) {
                return false;
            }
            outcomes.set(turn, outcome);
            if (decides.test(outcome)) {
                decision.compareAndSet(null, outcome);
                return true;
            }
        }
        return false;
    }

    /// Looks before it takes: where there are as many threads as calls, they do not contend for nothing.
    private int nextTurn() {
        return nextTurn.get() < calls.size() ? nextTurn.getAndIncrement() : calls.size();
    }

    /// The outcome that decided the round, if one did.
    Optional<Outcome<T>> decision() {
        return Optional.ofNullable(decision.get());
    }

    /// How each call ended, in their order. Those that did not were cut off by the deadline, if nothing else decided.
    List<Outcome<T>> outcomes() {
        return IntStream.range(0, calls.size()).mapToObj(this::outcome).toList();
    }

    private Outcome<T> outcome(int turn) {
        Outcome<T> outcome = outcomes.get(turn);
        return outcome == null ? new Outcome.Failure<>(new DeadlinePassed()) : outcome;
    }
}
