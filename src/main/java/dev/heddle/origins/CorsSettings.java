package dev.heddle.origins;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import dev.heddle.settings.Page;

/// From which sites pages may ask, and what. No origin at all means that nothing is said about it, so that browsers let
/// no page of another site read an answer; the one origin `*` is every site.
public record CorsSettings(List<String> origins, List<String> methods, List<String> headers, Duration maxAge,
        boolean hasCredentials) {
    static final String ANY = "*";

    /// As browsers write it (HTML, "ASCII serialization of an origin"): no path, no slash at the end, no capital.
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[a-z0-9._\\[\\]:-]+");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final int MOST = 100;

    /// Nobody.
    public static final CorsSettings NONE = new CorsSettings(List.of(), List.of(), List.of(), Duration.ZERO, false);

    public CorsSettings {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        for (String origin : origins) {
            if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException("cors.allowed-origins has '" + origin
                        + "', which is no origin such as https://example.org");
            }
        }
        if (origins.contains(ANY) && (hasCredentials || origins.size() > 1)) {
            throw new IllegalArgumentException("cors.allowed-origins * goes with no other origin and no credentials");
        }
        if (origins.size() > MOST || methods.size() > MOST || headers.size() > MOST) {
            throw new IllegalArgumentException("a list of cors has more than " + MOST + " members");
        }
        if (!methods.stream().allMatch(TOKEN.asMatchPredicate())
                || !headers.stream().allMatch(TOKEN.asMatchPredicate())) {
            throw new IllegalArgumentException("cors.allowed-methods and cors.allowed-headers are names");
        }
    }

    public static CorsSettings read(Page page) {
        return new CorsSettings(list(page.text("allowed-origins", "")),
                list(page.text("allowed-methods", "GET, HEAD, POST, PUT, PATCH, DELETE")),
                list(page.text("allowed-headers", "Authorization, Content-Type, Idempotency-Key, If-Match, "
                        + "If-None-Match, Last-Event-ID, X-Client-ID, X-Request-Id, X-Timeout-Ms")),
                page.duration("max-age", Duration.ofMinutes(10), Duration.ZERO, Duration.ofDays(1)),
                page.flag("credentials", false));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(each -> !each.isEmpty()).distinct().toList();
    }
}
