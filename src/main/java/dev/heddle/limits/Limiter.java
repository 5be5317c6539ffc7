package dev.heddle.limits;

import java.util.Optional;
import java.util.function.LongSupplier;

import dev.heddle.redis.Answer;
import dev.heddle.redis.Redis;

/// Counts the requests of each client against one limit: on this node, and with all nodes where there is a Redis.
///
/// What this node has seen always holds: a client that has used up its limit here is refused without asking Redis, and
/// when Redis is away, this node goes on from its own count. So one node never admits more than the limit in any window,
/// whatever becomes of Redis; several nodes without it admit at most the limit each. Thread-safe.
public final class Limiter {
    private final LocalCounts here;
    private final Optional<SharedCounts> everywhere;

    /// `name` tells this limit from others in the same Redis; at most `mostClients` are remembered on this node.
    public Limiter(String name, Limit limit, int mostClients, Redis redis) {
        this(new LocalCounts(limit, mostClients, System::nanoTime),
                Optional.of(redis).filter(Redis::isConfigured).map(some -> new SharedCounts(some, name, limit)));
    }

    private Limiter(LocalCounts here, Optional<SharedCounts> everywhere) {
        this.here = here;
        this.everywhere = everywhere;
    }

    /// One that knows nothing of other nodes. `clock` tells nanoseconds and never goes back.
    static Limiter local(Limit limit, int mostClients, LongSupplier clock) {
        return new Limiter(new LocalCounts(limit, mostClients, clock), Optional.empty());
    }

    /// Counts a request of `client`, if it may be answered.
    public Decision ask(String client) {
        return everywhere.isEmpty() ? here.admit(client) : ask(client, everywhere.get());
    }

    private Decision ask(String client, SharedCounts shared) {
        Optional<Decision.Refused> refusal = here.refusal(client);
        return refusal.isPresent() ? refusal.get() : switch (shared.admit(client)) {
            case Answer.Value<Decision>(Decision.Allowed allowed) -> {
                here.note(client);
                yield allowed;
            }
            case Answer.Value<Decision>(Decision.Refused refused) -> refused;
            case Answer.Miss<Decision> _ -> here.admit(client);
            case Answer.Away<Decision> _ -> here.admit(client);
        };
    }

    /// How many clients this node remembers, about.
    public long clients() {
        return here.size();
    }
}
