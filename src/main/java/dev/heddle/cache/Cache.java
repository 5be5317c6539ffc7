package dev.heddle.cache;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;

/// Keeps at most so many values for at most so long, and computes each once however many ask for it at the same time.
///
/// The computation runs on the thread of the first who asked, outside of any lock; the others wait for it. If it fails,
/// they compute for themselves: the first one's deadline or interrupt is no reason to fail them. Thread-safe.
public final class Cache<K, V> {
    /// A value, and whether it was there already.
    public record Cached<V>(V value, boolean isHit) {}

    private final AsyncCache<K, V> values;

    /// `most` values at the most, each for `timeToLive`.
    public Cache(int most, Duration timeToLive) {
        this.values = Caffeine.newBuilder().maximumSize(most).expireAfterWrite(timeToLive).buildAsync();
    }

    /// The value for `key`, from here or from `compute`, whose failures are passed on and not kept.
    ///
    /// @throws DeadlinePassed if the current [Deadline] passes while another thread computes
    public Cached<V> get(K key, Supplier<V> compute) {
        var mine = new CompletableFuture<V>();
        CompletableFuture<V> other = values.asMap().putIfAbsent(key, mine);
        if (other == null) {
            return new Cached<>(computeInto(mine, compute), false);
        }
        try {
            return new Cached<>(other.get(Deadline.current().nanosLeft(), TimeUnit.NANOSECONDS), true);
        } catch (TimeoutException _) {
            throw new DeadlinePassed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException) new CancellationException("interrupted").initCause(e);
        } catch (ExecutionException | CancellationException _) {
            return new Cached<>(compute.get(), false);
        }
    }

    /// Forgets the value for `key`; a computation under way is finished for those who wait, but not kept.
    public void drop(K key) {
        values.asMap().remove(key);
    }

    /// How many values are kept, about.
    public long size() {
        return values.synchronous().estimatedSize();
    }

    private V computeInto(CompletableFuture<V> future, Supplier<V> compute) {
        try {
            V value = compute.get();
            future.complete(value);
            return value;
        } catch (RuntimeException | Error e) {
            // Caffeine removes a future that completes with an exception.
            future.completeExceptionally(e);
            throw e;
        }
    }
}
