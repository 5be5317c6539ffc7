package dev.heddle.limits;

import java.time.Duration;
import java.util.Map;

import dev.heddle.web.Failure;

/// Whether a request may be answered, and what its caller may still ask.
public sealed interface Decision {
    /// How many requests a window holds.
    int limit();

    /// How many more may be asked at once.
    int remaining();

    /// How long until one more may be asked than now: until the oldest request that counts leaves the window.
    Duration reset();

    /// The request counts, and `remaining` may follow at once.
    record Allowed(int limit, int remaining, Duration reset) implements Decision {}

    /// The request does not count, and none will be allowed before `retryAfter` has passed.
    record Refused(int limit, Duration retryAfter) implements Decision {
        @Override
        public int remaining() {
            return 0;
        }

        @Override
        public Duration reset() {
            return retryAfter;
        }

        /// What the caller is told.
        Failure failure() {
            return Failure.of(Failure.Kind.RATE_LIMITED, "no more than " + limit + " requests are allowed in this time")
                    .with(headers());
        }
    }

    /// What the caller is told in headers: those of draft-ietf-httpapi-ratelimit-headers-03 section 3, times in whole
    /// seconds, rounded up; and, where it is refused, when to come back (RFC 9110 section 10.2.3).
    default Map<String, String> headers() {
        String limit = String.valueOf(limit());
        String remaining = String.valueOf(remaining());
        String seconds = String.valueOf(reset().plusSeconds(1).minusNanos(1).toSeconds());
        return switch (this) {
            case Allowed _ ->
                Map.of("RateLimit-Limit", limit, "RateLimit-Remaining", remaining, "RateLimit-Reset", seconds);
            case Refused _ -> Map.of("RateLimit-Limit", limit, "RateLimit-Remaining", remaining, "RateLimit-Reset",
                    seconds, "Retry-After", seconds);
        };
    }
}
