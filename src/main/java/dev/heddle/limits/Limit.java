package dev.heddle.limits;

import java.time.Duration;

/// At most `requests` in any stretch of time shorter than `window`, wherever it begins.
///
/// `requests` is 1 to 100,000 and `window` 1 ms to 1 day.
public record Limit(int requests, Duration window) {
    static final int MOST_REQUESTS = 100_000;
    static final Duration SHORTEST = Duration.ofMillis(1);
    static final Duration LONGEST = Duration.ofDays(1);

    public Limit {
        if (requests < 1 || requests > MOST_REQUESTS) {
            throw new IllegalArgumentException("requests " + requests);
        }
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("window " + window);
        }
    }
}
