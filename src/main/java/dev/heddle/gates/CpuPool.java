package dev.heddle.gates;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;

/// Computes on a few platform threads of its own, so that work that never blocks cannot starve the virtual threads.
///
/// Virtual threads are not preempted: on a machine of two cores, two pictures being scaled would stop every other
/// request. Here such work queues before a [Gate] with as many permits as there are threads. Thread-safe.
public final class CpuPool implements AutoCloseable {
    private final PlatformPool pool;

    /// A pool of `threads` (1 or more), whose queue is as long as can be served within `longestQueue`; the work sees the
    /// scoped values named in `carried`; see [PlatformPool].
    public CpuPool(int threads, Duration longestQueue, List<ScopedValue<?>> carried) {
        this.pool = new PlatformPool("processor", threads, longestQueue, carried);
    }

    /// How many threads leave one core to everything else: one less than there are cores, but at least 1.
    public static int defaultThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    /// The result of `work`, which the calling thread waits for. Ends and fails as [PlatformPool#call(Callable)] does.
    public <T extends @Nullable Object> T compute(Callable<? extends T> work) throws InterruptedException {
        return pool.call(work);
    }

    /// How many may compute at once.
    public int threads() {
        return pool.threads();
    }

    /// How many compute now.
    public int active() {
        return pool.active();
    }

    /// How many wait in line now.
    public int queued() {
        return pool.queued();
    }

    /// How many were turned away since the pool was made.
    public long refused() {
        return pool.refused();
    }

    /// Interrupts all work under way and drops all that waits; does not wait for work that is deaf to interrupts.
    @Override
    public void close() {
        pool.close();
    }
}
