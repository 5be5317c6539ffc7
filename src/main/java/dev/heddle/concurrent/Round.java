package dev.heddle.concurrent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/// One go at `calls`: threads take them in turn, until all are made, an outcome decides the round, or time is up.
///
/// Taking turns keeps a limit exactly, and ten thousand calls need no more threads than may run at once.
final class Round<T extends @Nullable Object> {
    private final String name;
    private final List<? extends Callable<? extends T>> calls;
    private final Predicate<Outcome<T>> decides;
    private final @Nullable Interceptor interceptor = Interceptor.current();
    private final int threads;
    private final AtomicInteger nextTurn;
    private final AtomicReference<@Nullable Outcome<T>> decision = new AtomicReference<>();

    // Each is written by the one thread that makes the call, and read by the owner when all threads have ended.
    private final @Nullable Outcome<T>[] outcomes;

    // Each is written by the thread itself, at its place.
    private final AtomicReferenceArray<@Nullable Thread> running;
    private volatile boolean isCutOff;

    @SuppressWarnings("unchecked") // Arrays know nothing of type parameters; this one never leaves.
    Round(String name, List<? extends Callable<? extends T>> calls, Predicate<Outcome<T>> decides, int limit) {
        this.name = name;
        this.calls = List.copyOf(calls);
        this.decides = decides;
        this.threads = Math.min(limit, calls.size());
        this.nextTurn = new AtomicInteger(threads);
        this.outcomes = (Outcome<T>[]) new Outcome<?>[calls.size()];
        this.running = new AtomicReferenceArray<>(threads);
    }

    String name() {
        return name;
    }

    /// How many threads shall take turns.
    int threads() {
        return threads;
    }

    /// Makes the call `first`, then one after the other that no thread has taken yet. What ends after the round was
    /// cancelled does not count.
    void takeTurns(int first, BooleanSupplier isCancelled) {
        // Who cuts the round off says so and then looks who is running: one of the two sees the other.
        running.set(first, Thread.currentThread());
        for (int turn = first; turn < calls.size() && !isOver(); turn = nextTurn()) {
            Outcome<T> outcome = make(turn);
            // An interrupt that a call leaves behind is not meant for the next; that of a cancelled round shows here.
            Thread.interrupted();
            if (isCutOff || isCancelled.getAsBoolean()) {
                return;
            }
            outcomes[turn] = outcome;
            if (decides.test(outcome)) {
                decision.compareAndSet(null, outcome);
            }
        }
    }

    private Outcome<T> make(int turn) {
        Callable<? extends T> call = calls.get(turn);
        return Outcome.of(interceptor == null ? call : () -> interceptor.around(name, turn, call));
    }

    /// Looks before it takes: where there are as many threads as calls, they do not contend for nothing.
    private int nextTurn() {
        return nextTurn.get() < calls.size() ? nextTurn.getAndIncrement() : calls.size();
    }

    /// Whether no further call is to be made, even if some have not been.
    boolean isOver() {
        return isCutOff || isDecided();
    }

    /// Ends the round because its time is up: no further call is made, and those under way are interrupted.
    void cutOff() {
        isCutOff = true;
        for (int i = 0; i < threads; i++) {
            Thread thread = running.get(i);
            if (thread != null) {
                thread.interrupt();
            }
        }
    }

    boolean isDecided() {
        return decision.get() != null;
    }

    /// The outcome that decided the round, if one did.
    Optional<Outcome<T>> decision() {
        return Optional.ofNullable(decision.get());
    }

    /// How each call ended, in their order. Those that did not were cut off by the deadline, if nothing else decided.
    List<Outcome<T>> outcomes() {
        return each(outcome -> outcome);
    }

    /// What `read` makes of how each call ended, in their order.
    <R extends @Nullable Object> List<R> each(Function<Outcome<T>, R> read) {
        var list = new ArrayList<R>(outcomes.length);
        for (Outcome<T> outcome : outcomes) {
            list.add(read.apply(outcome == null ? new Outcome.Failure<>(new DeadlinePassed()) : outcome));
        }
        return Collections.unmodifiableList(list);
    }
}
