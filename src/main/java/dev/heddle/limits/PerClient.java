package dev.heddle.limits;

import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.heddle.redis.Redis;
import dev.heddle.server.Admission;

/// Lets in what each client address may ask in total. Some routes always answer: who watches the server must not be
/// kept out by the crowd that it watches for. Thread-safe.
public final class PerClient implements Admission {
    private final Limiter limiter;
    private final Set<String> openRoutes;

    /// `openRoutes` are the paths' patterns of those routes that are neither limited nor counted.
    public PerClient(LimitSettings settings, Redis redis, Set<String> openRoutes) {
        this.limiter = new Limiter("client", settings.perClient(), settings.mostClients(), redis);
        this.openRoutes = Set.copyOf(openRoutes);
    }

    @Override
    public Map<String, String> admit(Supplier<String> peer, String route) {
        return openRoutes.contains(route) ? Map.of() : switch (limiter.ask(peer.get())) {
            case Decision.Allowed allowed -> allowed.headers();
            case Decision.Refused refused -> throw refused.failure();
        };
    }
}
