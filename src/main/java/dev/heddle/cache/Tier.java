package dev.heddle.cache;

import java.time.Duration;
import java.util.Optional;

import dev.heddle.concurrent.Outcome;

/// What lies behind the copies that one node keeps, and so says how long those may be kept. No method fails.
interface Tier<K, V> {
    /// What is kept for `key` there: a value, or that there is none.
    Optional<Outcome<V>> find(K key);

    /// Keeps what was computed there too, if it is of the kind that is kept.
    void keep(K key, Outcome<V> outcome);

    /// Forgets `key` there, and whatever is being computed for it anywhere.
    void drop(K key);

    /// How long this node may keep a copy; zero if not at all.
    Duration keptHere(Outcome<V> outcome);

    /// Nothing: this node keeps values, and no failures, for all of their time.
    record Nothing<K, V>(Duration timeToLive) implements Tier<K, V> {
        @Override
        public Optional<Outcome<V>> find(K key) {
            return Optional.empty();
        }

        @Override
        public void keep(K key, Outcome<V> outcome) {
            // There is no other place.
        }

        @Override
        public void drop(K key) {
            // There is no other place.
        }

        @Override
        public Duration keptHere(Outcome<V> outcome) {
            return outcome instanceof Outcome.Success ? timeToLive : Duration.ZERO;
        }
    }
}
