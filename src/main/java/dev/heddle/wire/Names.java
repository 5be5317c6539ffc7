package dev.heddle.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;

/// Helidon's names of the headers that routes and replies name by text: making one anew for each request costs a search
/// and two strings. There are as many as the code names, so the table cannot grow without bound. Thread-safe.
public final class Names {
    private static final Map<String, HeaderName> KNOWN = new ConcurrentHashMap<>();

    private Names() {
    }

    /// The header's name. `name` must come from the code, never from a caller.
    public static HeaderName of(String name) {
        HeaderName known = KNOWN.get(name);
        return known == null ? KNOWN.computeIfAbsent(name, HeaderNames::create) : known;
    }
}
