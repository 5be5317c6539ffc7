package dev.heddle.concurrent;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
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

    /// Cuts rounds off when their deadlines pass: one thread for all, which sleeps until the soonest that it knows of.
    ///
    /// Ours, because a timer of the scope's own wakes the JDK's timer thread twice, which costs as much again as ten calls.
    /// Who adds a round writes it down and then reads when the watch will wake; the watch writes when it will wake and
    /// then looks at the rounds again: one of the two sees the other. A round that ends in time wakes nobody.
    static final class Watch {
        private static final Logger LOG = System.getLogger(Watch.class.getName());
        private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

        private final Map<Round<?>, Deadline> rounds = new ConcurrentHashMap<>();
        private final Thread thread = Thread.ofPlatform().daemon().name("gather watch").unstarted(this::run);
        private volatile Deadline waking = Deadline.in(Duration.ZERO);

        static Watch start() {
            var watch = new Watch();
            watch.thread.start();
            return watch;
        }

        /// Cuts `round` off at `deadline`, unless it is removed before.
        void add(Round<?> round, Deadline deadline) {
            rounds.put(round, deadline);
            if (deadline.isSoonerThan(waking)) {
                LockSupport.unpark(thread);
            }
        }

        void remove(Round<?> round) {
            rounds.remove(round);
        }

        private void run() {
            while (true) {
                try {
                    sleep();
                    cutOff();
                } catch (RuntimeException | Error e) {
                    // Without this thread no deadline would end a gathering any more, and nobody would notice.
                    LOG.log(Level.ERROR, "event=bug thread=gather_watch", e);
                }
            }
        }

        private void sleep() {
            Deadline soonest = soonest();
            waking = soonest;
            if (!soonest().isSoonerThan(soonest)) {
                LockSupport.parkNanos(this, soonest.nanosLeft());
            }
        }

        private Deadline soonest() {
            Deadline soonest = Deadline.in(LONGEST_SLEEP);
            for (Deadline deadline : rounds.values()) {
                soonest = deadline.isSoonerThan(soonest) ? deadline : soonest;
            }
            return soonest;
        }

        private void cutOff() {
            rounds.forEach((round, deadline) -> {
                if (deadline.isPassed() && rounds.remove(round, deadline)) {
                    round.cutOff();
                }
            });
        }
    }
}
