package dev.heddle.limits;

import java.util.Optional;
import java.util.function.LongSupplier;

import dev.heddle.redis.Answer;
import dev.heddle.redis.Redis;

import org.jspecify.annotations.Nullable;

/// Counts the requests of each client against one limit: on this node, and with all nodes where there is a Redis.
///
/// What this node has seen always holds: a client that has used up its limit here is refused without asking Redis, and
/// when Redis is away, this node goes on from its own count. So one node never admits more than the limit in any window,
/// whatever becomes of Redis; several nodes without it admit at most the limit each. Thread-safe.
public final class Limiter {
    private final LocalCounts here;
    // Null where there is no Redis.
    private final @Nullable SharedCounts everywhere;

    /// `name` tells this limit from others in the same Redis; at most `mostClients` are remembered on this node.
    public Limiter(String name, Limit limit, int mostClients, Redis redis) {
        this(new LocalCounts(limit, mostClients, System::nanoTime),
                redis.isConfigured() ? new SharedCounts(redis, name, limit) : null);
    }

    private Limiter(LocalCounts here, @Nullable SharedCounts everywhere) {
        this.here = here;
        this.everywhere = everywhere;
    }

    /// One that knows nothing of other nodes. `clock` tells nanoseconds and never goes back.
    static Limiter local(Limit limit, int mostClients, LongSupplier clock) {
        return new Limiter(new LocalCounts(limit, mostClients, clock), null);
    }

    /// Counts a request of `client`, if it may be answered.
    public Decision ask(String client) {
        return everywhere == null ? here.admit(client) : ask(client, everywhere);
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
