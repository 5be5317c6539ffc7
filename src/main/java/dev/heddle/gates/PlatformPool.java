package dev.heddle.gates;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.lang.ScopedValue.Carrier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.ForkThreads;
import dev.heddle.concurrent.Interceptor;
import dev.heddle.concurrent.Outcome;

import org.jspecify.annotations.Nullable;

/// Runs work on a bounded number of platform threads of its own, behind a [Gate] with as many permits as there are threads.
///
/// The work sees the caller's [Deadline] and [Interceptor], and those scoped values that the pool was told to carry. What
/// it gathers runs on platform threads as well, on new ones that end with it. An interrupt does not wake a platform thread
/// that waits for a socket (`java.net.Socket`): such a wait ends with its own timeout. Thread-safe.
public final class PlatformPool implements AutoCloseable {
    /// The pool that the work at hand runs on.
    private static final ScopedValue<PlatformPool> CURRENT = ScopedValue.newInstance();

    private static final Duration AFTER_A_RESTART = Duration.ofSeconds(5);

    private final String name;
    private final List<ScopedValue<?>> carried;
    private final Gate gate;
    private final ExecutorService pool;

    /// A pool of `threads` (1 or more), whose queue is as long as can be served within `longestQueue`; see [Gate].
    /// There is no way to find out which scoped values a thread has, so those that the work shall see are named in
    /// `carried`; the [Deadline] and the [Interceptor] always are. `name` is what callers are told about, such as
    /// `processor`.
    public PlatformPool(String name, int threads, Duration longestQueue, List<ScopedValue<?>> carried) {
        this.name = name;
        this.carried = List.copyOf(carried);
        this.gate = new Gate("the " + name + " pool", threads, longestQueue);
        this.pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name(name + " ", 1).factory());
    }

    /// The result of `work`, which the calling thread waits for.
    ///
    /// When the deadline passes or the caller is interrupted, work in the queue is dropped and work under way is
    /// interrupted. Work that does not look at its interrupt goes on after this method has ended, and keeps its thread
    /// until it is done.
    ///
    /// @throws IllegalStateException if work of this pool waits for it in turn: its threads could all wait for one another
    /// @throws Unavailable      at once, if the queue is full; or if the pool is closed before the work is done
    /// @throws DeadlinePassed   if the current [Deadline] passes first
    /// @throws RuntimeException what the work throws, if unchecked (an `Error` also); a checked exception leaves as the
    ///                          cause of a [java.util.concurrent.CompletionException]
    public <T extends @Nullable Object> T call(Callable<? extends T> work) throws InterruptedException {
        if (CURRENT.isBound() && CURRENT.get() == this) {
            throw new IllegalStateException("work of the " + name + " pool must not wait for it in turn");
        }
        var job = new Job<T>(withValuesOfCaller(work), gate.enter());
        start(job);
        try {
            return job.get(Deadline.current().nanosLeft(), NANOSECONDS);
        } catch (TimeoutException _) {
            throw new DeadlinePassed();
        } catch (CancellationException e) {
            throw closed(e);
        } catch (ExecutionException e) {
            if (pool.isShutdown()) {
                throw closed(e);
            }
            return new Outcome.Failure<T>(e.getCause()).orThrow();
        } finally {
            job.cancel(true);
        }
    }

    private void start(Job<?> job) {
        try {
            pool.execute(job);
        } catch (RejectedExecutionException _) {
            job.drop();
        }
    }

    private Unavailable closed(Exception cause) {
        return new Unavailable("the " + name + " pool is closed", AFTER_A_RESTART, cause);
    }

    private <T extends @Nullable Object> Callable<T> withValuesOfCaller(Callable<? extends T> work) {
        Deadline deadline = Deadline.current();
        Carrier values = valuesOfCaller();
        Callable<? extends T> carried = Interceptor.carried(work);
        return () -> deadline.call(() -> values.call(() -> {
            deadline.check();
            return ForkThreads.platform(carried::call);
        }));
    }

    private Carrier valuesOfCaller() {
        Carrier values = ScopedValue.where(CURRENT, this);
        for (ScopedValue<?> value : carried) {
            values = with(value, values);
        }
        return values;
    }

    private static <V> Carrier with(ScopedValue<V> value, Carrier values) {
        return value.isBound() ? values.where(value, value.get()) : values;
    }

    /// How many may work at once.
    public int threads() {
        return gate.permits();
    }

    /// How many work now.
    public int active() {
        return gate.inside();
    }

    /// How many wait in line now.
    public int queued() {
        return gate.waiting();
    }

    /// How many were turned away since the pool was made.
    public long refused() {
        return gate.refused();
    }

    /// Interrupts all work under way and drops all that waits; does not wait for work that is deaf to interrupts.
    @Override
    public void close() {
        for (Runnable job : pool.shutdownNow()) {
            ((Job<?>) job).drop();
        }
    }

    /// Stays inside the gate until its thread is free again, even if its caller has long gone.
    private static final class Job<T extends @Nullable Object> extends FutureTask<T> {
        private final Gate.Pass pass;

        private Job(Callable<T> work, Gate.Pass pass) {
            super(work);
            this.pass = pass;
        }

        @Override
        public void run() {
            try (pass) {
                super.run();
            }
        }

        void drop() {
            cancel(false);
            pass.close();
        }
    }
}
