package dev.heddle.limits;

import java.util.Optional;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/// What each of the latest clients asked of this node.
///
/// It remembers at most `mostClients`; if more than that come within a window, those are forgotten first who ask least,
/// and may then ask anew. Thread-safe.
final class LocalCounts {
    private final Cache<String, Arrivals> clients;
    private final Limit limit;
    private final LongSupplier clock;

    /// `clock` tells nanoseconds and never goes back.
    LocalCounts(Limit limit, int mostClients, LongSupplier clock) {
        this.limit = limit;
        this.clock = clock;
        // After two windows, so that one who is being looked at is not forgotten between the look and the count.
        this.clients = Caffeine.newBuilder().maximumSize(mostClients)
                .expireAfterAccess(limit.window().multipliedBy(2)).ticker(clock::getAsLong).executor(Runnable::run)
                .build();
    }

    /// Counts a request of `client`, if it may be answered.
    Decision admit(String client) {
        return arrivals(client).admit();
    }

    /// How a request of `client` would be refused now; empty if it would not.
    Optional<Decision.Refused> refusal(String client) {
        return Optional.ofNullable(clients.getIfPresent(client)).flatMap(Arrivals::refusal);
    }

    /// Counts a request of `client` that was allowed elsewhere.
    void note(String client) {
        arrivals(client).note();
    }

    /// How many clients are remembered, about.
    long size() {
        return clients.estimatedSize();
    }

    private Arrivals arrivals(String client) {
        return clients.get(client, _ -> new Arrivals(limit, clock));
    }
}
