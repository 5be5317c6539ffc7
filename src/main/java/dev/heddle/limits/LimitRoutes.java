package dev.heddle.limits;

import static dev.heddle.web.Failure.Kind.RATE_LIMITED;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.heddle.redis.Redis;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// The guides' limited route: at most ten requests of one client in any minute.
public final class LimitRoutes {
    private static final Limit TEN_A_MINUTE = new Limit(10, Duration.ofMinutes(1));
    private static final Parameter<Optional<String>> CLIENT = Parameter.optionalTextHeader("X-Client-ID", 128,
            "Who asks; without it, the address that the request came from.");

    private final Limiter limiter;

    public LimitRoutes(LimitSettings settings, Redis redis) {
        this.limiter = new Limiter("api", TEN_A_MINUTE, settings.mostClients(), redis);
    }

    public List<Route> routes() {
        return List.of(Route.get("/api/limited", "Ask at most ten times in any minute.").with(CLIENT)
                .gives(Admitted.class).fails(RATE_LIMITED).handledBy(this::limited));
    }

    record Admitted(String message) {}

    private Object limited(Request request) {
        return switch (limiter.ask(client(request))) {
            case Decision.Allowed allowed -> Reply.of(new Admitted("Success")).with(allowed.headers());
            case Decision.Refused refused -> throw refused.failure();
        };
    }

    /// No id can be mistaken for an address: who takes another's address for an id does not use up what that one has.
    private static String client(Request request) {
        return request.value(CLIENT).map(id -> "id:" + id).orElseGet(() -> "peer:" + request.peer());
    }
}
