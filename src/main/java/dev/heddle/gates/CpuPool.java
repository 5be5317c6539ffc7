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
import dev.heddle.concurrent.Outcome;

import org.jspecify.annotations.Nullable;

/// Computes on a few platform threads of its own, so that work that never blocks cannot starve the virtual threads.
///
/// Virtual threads are not preempted: on a machine of two cores, two pictures being scaled would stop every other
/// request. Here such work queues before a [Gate] with as many permits as there are threads. Thread-safe.
public final class CpuPool implements AutoCloseable {
    private static final Duration AFTER_A_RESTART = Duration.ofSeconds(5);
    private static final ScopedValue<CpuPool> COMPUTING = ScopedValue.newInstance();

    private final List<ScopedValue<?>> carried;
    private final Gate gate;
    private final ExecutorService pool;

    /// A pool of `threads` (1 or more), whose queue is as long as can be served within `longestQueue`; see [Gate].
    /// There is no way to find out which scoped values a thread has, so those that the work shall see are named in
    /// `carried`; the [Deadline] always is.
    public CpuPool(int threads, Duration longestQueue, List<ScopedValue<?>> carried) {
        this.gate = new Gate("the processor", threads, longestQueue);
        this.carried = List.copyOf(carried);
        this.pool = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().name("cpu ", 1).factory());
    }

    /// How many threads leave one core to everything else: one less than there are cores, but at least 1.
    public static int defaultThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    /// The result of `work`, which the calling thread waits for.
    ///
    /// When the deadline passes or the caller is interrupted, work in the queue is dropped and work under way is
    /// interrupted. Work that does not look at its interrupt goes on after this method has ended, and keeps its thread
    /// until it is done.
    ///
    /// @throws IllegalStateException if work of this pool computes on it in turn: its threads could all wait for one
    ///                          another
    /// @throws Unavailable      at once, if the queue is full; or if the pool is closed before the work is done
    /// @throws DeadlinePassed   if the current [Deadline] passes first
    /// @throws RuntimeException what the work throws, if unchecked (an `Error` also); a checked exception leaves as the
    ///                          cause of a [java.util.concurrent.CompletionException]
    public <T extends @Nullable Object> T compute(Callable<? extends T> work) throws InterruptedException {
        if (COMPUTING.isBound() && COMPUTING.get() == this) {
            throw new IllegalStateException("work on the CPU pool must not compute on it in turn");
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

    private static Unavailable closed(Exception cause) {
        return new Unavailable("the processor pool is closed", AFTER_A_RESTART, cause);
    }

    private <T extends @Nullable Object> Callable<T> withValuesOfCaller(Callable<? extends T> work) {
        Deadline deadline = Deadline.current();
        Carrier values = valuesOfCaller();
        return () -> deadline.call(() -> values.call(() -> {
            deadline.check();
            return work.call();
        }));
    }

    private Carrier valuesOfCaller() {
        Carrier values = ScopedValue.where(COMPUTING, this);
        for (ScopedValue<?> value : carried) {
            values = with(value, values);
        }
        return values;
    }

    private static <V> Carrier with(ScopedValue<V> value, Carrier values) {
        return value.isBound() ? values.where(value, value.get()) : values;
    }

    /// How many may compute at once.
    public int threads() {
        return gate.permits();
    }

    /// How many compute now.
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
