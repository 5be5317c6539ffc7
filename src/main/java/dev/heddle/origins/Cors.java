package dev.heddle.origins;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Tells browsers which pages may read an answer (Fetch standard, "CORS protocol"). What it says of an origin is the
/// text of the settings, never the caller's. Immutable.
public final class Cors {
    private static final String ORIGIN = "Access-Control-Allow-Origin";
    private static final String EXPOSED = "ETag, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
            + "Retry-After, X-Cache, X-Process-Time, X-Request-Id";

    private final Map<String, Map<String, String>> answers = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> preflights = new LinkedHashMap<>();
    private final Map<String, String> forOthers;
    private final boolean isForAll;

    public Cors(CorsSettings settings) {
        this.isForAll = settings.origins().contains(CorsSettings.ANY);
        // Where all get the same there is nothing to tell apart.
        this.forOthers = settings.origins().isEmpty() || isForAll ? Map.of() : Map.of("Vary", "Origin");
        for (String origin : settings.origins()) {
            var answer = new LinkedHashMap<>(forOthers);
            answer.put(ORIGIN, origin);
            if (settings.hasCredentials()) {
                answer.put("Access-Control-Allow-Credentials", "true");
            }
            var preflight = new LinkedHashMap<>(answer);
            answer.put("Access-Control-Expose-Headers", EXPOSED);
            preflight.put("Access-Control-Allow-Methods", String.join(", ", settings.methods()));
            preflight.put("Access-Control-Allow-Headers", String.join(", ", settings.headers()));
            preflight.put("Access-Control-Max-Age", String.valueOf(settings.maxAge().toSeconds()));
            answers.put(origin, answer);
            preflights.put(origin, preflight);
        }
    }

    /// The headers of any answer to a page of `origin`, which is empty where the request names none.
    public Map<String, String> headers(String origin) {
        return answers.getOrDefault(key(origin), forOthers);
    }

    /// The headers of the answer to a browser that asks, by OPTIONS, whether a page of `origin` may send what it wants
    /// to send; absent if it may not.
    public Optional<Map<String, String>> preflight(String origin) {
        return Optional.ofNullable(preflights.get(key(origin)));
    }

    private String key(String origin) {
        return isForAll && !origin.isEmpty() ? CorsSettings.ANY : origin;
    }
}
