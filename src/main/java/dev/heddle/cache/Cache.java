package dev.heddle.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Outcome;

/// Keeps at most so many values for at most so long, and computes each once however many ask for it at the same time.
///
/// The computation runs on the thread of the first who asked, outside of any lock; the others wait for it and share how
/// it ends. Only if the first was interrupted or ran out of time, which says nothing of the value, another takes over.
/// Thread-safe.
public final class Cache<K, V> {
    /// A value, and whether it was there already, or at least on its way.
    public record Cached<V>(V value, boolean isHit) {}

    private final AsyncCache<K, Outcome<V>> values;

    /// `most` values at the most, each for `timeToLive`.
    public Cache(int most, Duration timeToLive) {
        this(most, timeToLive, Ticker.systemTicker());
    }

    Cache(int most, Duration timeToLive, Ticker ticker) {
        // Caffeine's housekeeping is so short that another thread would cost more than it saves.
        this.values = Caffeine.newBuilder().maximumSize(most).expireAfterWrite(timeToLive).ticker(ticker)
                .executor(Runnable::run).buildAsync();
    }

    /// The value for `key`, from here or from `compute`, whose failures are passed on and not kept.
    ///
    /// @throws DeadlinePassed        if the current [Deadline] passes while another thread computes
    /// @throws CancellationException if the thread is interrupted meanwhile; its flag stays set
    public Cached<V> get(K key, Supplier<V> compute) {
        var mine = new CompletableFuture<Outcome<V>>();
        while (true) {
            CompletableFuture<Outcome<V>> other = values.asMap().putIfAbsent(key, mine);
            if (other == null) {
                return new Cached<>(compute(key, mine, compute), false);
            }
            Optional<V> value = await(other);
            if (value.isPresent()) {
                return new Cached<>(value.get(), true);
            }
        }
    }

    /// Forgets the value for `key`; a computation under way is finished for those who wait, but not kept. So who asks
    /// after this has returned gets nothing that was computed from what was before.
    public void drop(K key) {
        values.asMap().remove(key);
    }

    /// How many values are kept, about.
    public long size() {
        return values.synchronous().estimatedSize();
    }

    private V compute(K key, CompletableFuture<Outcome<V>> future, Supplier<V> compute) {
        Outcome<V> outcome = Outcome.of(compute::get);
        if (outcome instanceof Outcome.Failure) {
            // First, so that who takes over does not find it here.
            values.asMap().remove(key, future);
        }
        // A failure is a value of the future, too: Caffeine would log a failed one, with its stack.
        future.complete(outcome);
        return outcome.orThrow();
    }

    /// What another thread computes; empty if it gave up for a reason of its own.
    private static <V> Optional<V> await(CompletableFuture<Outcome<V>> other) {
        return switch (outcome(other)) {
            case Outcome.Success(V value) -> Optional.of(value);
            case Outcome.Failure<V>(DeadlinePassed _) -> Optional.empty();
            case Outcome.Failure<V>(CancellationException _) -> Optional.empty();
            case Outcome.Failure<V> aboutTheValue -> Optional.of(aboutTheValue.orThrow());
        };
    }

    private static <T> T outcome(CompletableFuture<T> other) {
        try {
            return other.get(Deadline.current().nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new DeadlinePassed();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException) new CancellationException("interrupted").initCause(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a failure is a value here", e);
        }
    }
}
