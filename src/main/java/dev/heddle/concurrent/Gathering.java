package dev.heddle.concurrent;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/// The verbs of [Gather], with what was put in front of them: a limit, a time, a name. Immutable and thread-safe.
public final class Gathering {
    static final String UNNAMED = "gather";
    private static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();
    static final Gathering PLAIN = new Gathering(UNNAMED, Integer.MAX_VALUE, FOR_EVER);

    private final String name;
    private final int limit;
    private final Duration within;

    private Gathering(String name, int limit, Duration within) {
        this.name = name;
        this.limit = limit;
        this.within = within;
    }

    /// At most `n` of the calls run at once: `n` threads take them in turn, in their order. After the first failure
    /// (of `all`) or success (of `race`) no further call is made.
    ///
    /// @throws IllegalArgumentException if `n` is under 1
    public Gathering limit(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("limit " + n + " is under 1");
        }
        return new Gathering(name, n, within);
    }

    /// The verb takes no longer than `duration`, or until the current [Deadline] if that is sooner; the calls see what
    /// is left as theirs. Time counts from the verb on.
    public Gathering within(Duration duration) {
        return new Gathering(name, limit, duration);
    }

    /// The scope is called `name` in thread dumps, and its threads `name 1`, `name 2` and so on.
    public Gathering named(String name) {
        return new Gathering(name, limit, within);
    }

    /// The results of all `calls`, in their order; none of none. The first failure cancels the rest.
    ///
    /// @throws RuntimeException     the first failure as it is, if unchecked (an `Error` also); a checked one leaves as
    ///                              the cause of a [java.util.concurrent.CompletionException]
    /// @throws DeadlinePassed       if time is up before all have succeeded
    /// @throws InterruptedException if the calling thread is interrupted; the calls have been cancelled then
    public <T extends @Nullable Object> List<T> all(List<? extends Callable<? extends T>> calls)
            throws InterruptedException {
        Round<T> round = run(calls, Outcome.Failure.class::isInstance);
        round.decision().ifPresent(Outcome::orThrow);
        return round.each(Outcome::orThrow);
    }

    /// How each of `calls` ended, in their order; none of none. No failure cancels another call or is thrown.
    ///
    /// A call that is not done when time is up fails by [DeadlinePassed]; those that were done keep their results.
    ///
    /// @throws InterruptedException if the calling thread is interrupted; the calls have been cancelled then
    public <T extends @Nullable Object> List<Outcome<T>> settle(List<? extends Callable<? extends T>> calls)
            throws InterruptedException {
        Round<T> round = run(calls, _ -> false);
        return round.outcomes();
    }

    /// The result of whichever of `calls` first succeeds, which cancels the others.
    ///
    /// @throws DeadlinePassed           if time is up before one succeeds, or a call says so
    /// @throws RuntimeException         if all fail, the failure of the first in the list; the others are suppressed in
    ///                                  it. A checked one leaves as in [#all(List)]
    /// @throws IllegalArgumentException if there is no call
    /// @throws InterruptedException     if the calling thread is interrupted; the calls have been cancelled then
    public <T extends @Nullable Object> T race(List<? extends Callable<? extends T>> calls)
            throws InterruptedException {
        if (calls.isEmpty()) {
            throw new IllegalArgumentException("a race of no calls has no winner");
        }
        Round<T> round = run(calls, Outcome.Success.class::isInstance);
        return round.decision().orElseGet(() -> lost(round.outcomes())).orThrow();
    }

    private static <T extends @Nullable Object> Outcome<T> lost(List<Outcome<T>> outcomes) {
        List<Throwable> causes = outcomes.stream().map(outcome -> ((Outcome.Failure<T>) outcome).cause()).toList();
        Throwable told = causes.stream().filter(DeadlinePassed.class::isInstance).findFirst()
                .orElse(causes.getFirst());
        causes.stream().filter(cause -> cause != told).forEach(told::addSuppressed);
        return new Outcome.Failure<>(told);
    }

    /// What `join` makes of the results of `a` and `b`, which run at once. Fails as [#all(List)] does.
    @SuppressWarnings("unchecked") // Results stand in the order of their calls.
    public <A, B, R> R combine(
            Callable<? extends A> a, Callable<? extends B> b, BiFunction<? super A, ? super B, ? extends R> join)
            throws InterruptedException {
        List<Object> results = all(List.of(a, b));
        return join.apply((A) results.get(0), (B) results.get(1));
    }

    /// What `join` makes of the results of `a`, `b` and `c`, which run at once. Fails as [#all(List)] does.
    @SuppressWarnings("unchecked") // Results stand in the order of their calls.
    public <A, B, C, R> R combine(
            Callable<? extends A> a, Callable<? extends B> b, Callable<? extends C> c,
            Gather.Three<? super A, ? super B, ? super C, ? extends R> join) throws InterruptedException {
        List<Object> results = all(List.of(a, b, c));
        return join.join((A) results.get(0), (B) results.get(1), (C) results.get(2));
    }

    private <T extends @Nullable Object> Round<T> run(List<? extends Callable<? extends T>> calls,
            Predicate<Outcome<T>> decides) throws InterruptedException {
        var round = new Round<T>(name, calls, decides, limit);
        if (within.equals(FOR_EVER)) {
            Gather.fork(round);
        } else {
            Deadline.in(within).call(() -> {
                Gather.fork(round);
                return round;
            });
        }
        return round;
    }
}
