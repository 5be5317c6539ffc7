package dev.heddle.cache;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.concurrent.Outcome;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;

/// Keeps at most so many values for at most so long, and computes each once however many ask for it at the same time.
///
/// The computation runs on the thread of the first who asked, outside of any lock; the others wait for it and share how
/// it ends. Only if the first was interrupted or ran out of time, which says nothing of the value, another takes over.
/// Thread-safe.
public final class Cache<K, V> {
    /// A value, and whether it was there already, or at least on its way.
    public record Cached<V>(V value, boolean isHit) {}

    private final AsyncCache<K, Outcome<V>> values;
    private final Tier<K, V> tier;

    /// `most` values at the most, each for `timeToLive`.
    public Cache(int most, Duration timeToLive) {
        this(most, timeToLive, Ticker.systemTicker());
    }

    /// `most` values at the most on this node, for as long as `tier` says, which keeps them for the other nodes, too.
    public Cache(int most, RedisTier<K, V> tier) {
        this(most, tier, Ticker.systemTicker());
    }

    Cache(int most, Duration timeToLive, Ticker ticker) {
        this(most, new Tier.Nothing<>(timeToLive), ticker);
    }

    Cache(int most, Tier<K, V> tier, Ticker ticker) {
        this.tier = tier;
        // Caffeine's housekeeping is so short that another thread would cost more than it saves.
        this.values = Caffeine.newBuilder().maximumSize(most)
                .expireAfter(Expiry.<K, Outcome<V>>writing((_, outcome) -> tier.keptHere(outcome))).ticker(ticker)
                .executor(Runnable::run).buildAsync();
    }

    /// The value for `key`, from here, from the tier behind, or from `compute`, whose failures are passed on. They are not
    /// kept, but that there is no such thing is, for a moment, where there is a tier.
    ///
    /// @throws DeadlinePassed        if the current [Deadline] passes while another thread computes
    /// @throws CancellationException if the thread is interrupted meanwhile; its flag stays set
    public Cached<V> get(K key, Supplier<V> compute) {
        var mine = new CompletableFuture<Outcome<V>>();
        while (true) {
            CompletableFuture<Outcome<V>> other = values.asMap().putIfAbsent(key, mine);
            if (other == null) {
                return fill(key, mine, compute);
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
        // First there, then here: else who asks in between takes from there what is kept here.
        tier.drop(key);
        values.asMap().remove(key);
    }

    /// How many values are kept, about.
    public long size() {
        return values.synchronous().estimatedSize();
    }

    private Cached<V> fill(K key, CompletableFuture<Outcome<V>> future, Supplier<V> compute) {
        Optional<Outcome<V>> found = find(key, future);
        Outcome<V> outcome = found.orElseGet(() -> Outcome.of(compute::get));
        if (tier.keptHere(outcome).isZero()) {
            // First, so that who takes over does not find it here.
            values.asMap().remove(key, future);
        }
        // A failure is a value of the future, too: Caffeine would log a failed one, with its stack.
        future.complete(outcome);
        if (found.isEmpty()) {
            tier.keep(key, outcome);
        }
        return new Cached<>(outcome.orThrow(), found.isPresent());
    }

    /// Whatever goes wrong there, nobody must wait for a future that nobody completes.
    private Optional<Outcome<V>> find(K key, CompletableFuture<Outcome<V>> future) {
        boolean isAnswered = false;
        try {
            Optional<Outcome<V>> found = tier.find(key);
            isAnswered = true;
            return found;
        } finally {
            if (!isAnswered) {
                values.asMap().remove(key, future);
                future.complete(new Outcome.Failure<>(new CancellationException("the shared cache failed")));
            }
        }
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
            throw Interrupted.because(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a failure is a value here", e);
        }
    }
}
