package dev.heddle.concurrent;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Configuration;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

/// Makes several calls at once, on as many virtual threads (see [ForkThreads]), and returns when all of
/// them have ended.
///
///     List<User> users = Gather.all(List.of(() -> find(1), () -> find(2)));
///     List<Page> pages = Gather.limit(10).within(ofSeconds(2)).all(Gather.each(urls, this::fetch));
///     Price fastest = Gather.race(List.of(() -> ask(here), () -> ask(there)));
///     Profile profile = Gather.combine(() -> user(id), () -> orders(id), Profile::new);
///
/// - [#all(List)] wants every result: the first failure cancels the rest and is thrown, as with `asyncio.gather`.
/// - [#settle(List)] wants to know how each call ended, as with `return_exceptions=True`.
/// - [#race(List)] wants one result: the first success cancels the rest.
/// - [#limit(int)] and [#within(Duration)] stand in front of any of them; see [Gathering].
///
/// The calls inherit every `ScopedValue` of the caller and so the [Deadline], at which they are cancelled.
/// To cancel is to interrupt. No call outlives the verb: one that is deaf to interrupts is waited for, however long
/// it takes, since a result behind the back of its caller would be worse than a late one. If the calling thread is
/// interrupted, the calls are cancelled and InterruptedException is thrown.
///
/// This is a thin layer over `StructuredTaskScope` (JEP 505, a preview in Java 25, different in 26), and the only class
/// that names it. A scope's own timeout throws away the results that were ready and costs a timer, so results are kept
/// and deadlines are watched here instead.
public final class Gather {

    private Gather() {
    }

    /// The results of all `calls`, in their order.
    ///
    /// @see Gathering#all(List)
    public static <T extends @Nullable Object> List<T> all(List<? extends Callable<? extends T>> calls)
            throws InterruptedException {
        return Gathering.PLAIN.all(calls);
    }

    /// How each of `calls` ended, in their order.
    ///
    /// @see Gathering#settle(List)
    public static <T extends @Nullable Object> List<Outcome<T>> settle(List<? extends Callable<? extends T>> calls)
            throws InterruptedException {
        return Gathering.PLAIN.settle(calls);
    }

    /// The result of whichever of `calls` first succeeds.
    ///
    /// @see Gathering#race(List)
    public static <T extends @Nullable Object> T race(List<? extends Callable<? extends T>> calls)
            throws InterruptedException {
        return Gathering.PLAIN.race(calls);
    }

    /// What `join` makes of the results of two calls of different types.
    ///
    /// @see Gathering#combine(Callable, Callable, BiFunction)
    public static <A, B, R> R combine(
            Callable<? extends A> a, Callable<? extends B> b, BiFunction<? super A, ? super B, ? extends R> join)
            throws InterruptedException {
        return Gathering.PLAIN.combine(a, b, join);
    }

    /// What `join` makes of the results of three calls of different types.
    ///
    /// @see Gathering#combine(Callable, Callable, Callable, Three)
    public static <A, B, C, R> R combine(
            Callable<? extends A> a, Callable<? extends B> b, Callable<? extends C> c,
            Three<? super A, ? super B, ? super C, ? extends R> join) throws InterruptedException {
        return Gathering.PLAIN.combine(a, b, c, join);
    }

    /// At most `n` calls at once.
    ///
    /// @see Gathering#limit(int)
    public static Gathering limit(int n) {
        return Gathering.PLAIN.limit(n);
    }

    /// All within `duration`.
    ///
    /// @see Gathering#within(Duration)
    public static Gathering within(Duration duration) {
        return Gathering.PLAIN.within(duration);
    }

    /// Under `name` in thread dumps.
    ///
    /// @see Gathering#named(String)
    public static Gathering named(String name) {
        return Gathering.PLAIN.named(name);
    }

    /// One call of `each` for every one of `inputs`, in their order: what [#all(List)] and its sisters take.
    public static <A, T extends @Nullable Object> List<Callable<T>> each(Collection<? extends A> inputs,
            Each<? super A, ? extends T> each) {
        return inputs.stream().map(input -> (Callable<T>) () -> each.call(input)).toList();
    }

    /// What [#each(Collection, Each)] does with one input.
    @FunctionalInterface
    public interface Each<A, T extends @Nullable Object> {
        T call(A input) throws Exception;
    }

    /// What makes one of three: a constructor of a record, mostly.
    @FunctionalInterface
    public interface Three<A, B, C, R> {
        R join(A a, B b, C c);
    }

    /// Lets the threads of `round` take their turns, until each has ended, one has decided the round, or the current
    /// deadline passes: then the others are cancelled. Returns when the last has ended.
    static void fork(Round<?> round) throws InterruptedException {
        Deadline deadline = Deadline.current();
        if (deadline.isPassed()) {
            return;
        }
        try (var _ = deadline.whenPassed(round::cutOff);
                var scope = StructuredTaskScope.open(new UntilDecided(round),
                        plain -> configured(plain, round.name()))) {
            for (int i = 0; i < round.threads() && !round.isOver(); i++) {
                int first = i;
                scope.fork(() -> {
                    round.takeTurns(first, scope::isCancelled);
                    return null;
                });
            }
            scope.join();
        }
    }

    /// Cancels the scope when a thread ends whose outcome has decided the round.
    private record UntilDecided(Round<?> round) implements Joiner<@Nullable Object, @Nullable Object> {
        @Override
        public boolean onComplete(Subtask<? extends @Nullable Object> subtask) {
            return round.isDecided();
        }

        @Override
        public @Nullable Object result() {
            return null;
        }
    }

    /// A name for each thread costs a tenth of a small round, so they have names only where somebody gave one.
    private static Configuration configured(Configuration plain, String name) {
        Configuration configuration = plain.withName(name);
        if (ForkThreads.arePlatform()) {
            configuration = configuration.withThreadFactory(Thread.ofPlatform().daemon().name(name + " ", 1).factory());
        } else if (!name.equals(Gathering.UNNAMED)) {
            configuration = configuration.withThreadFactory(Thread.ofVirtual().name(name + " ", 1).factory());
        }
        return configuration;
    }
}
