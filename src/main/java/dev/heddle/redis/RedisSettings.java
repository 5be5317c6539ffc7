package dev.heddle.redis;

import java.net.URI;
import java.time.Duration;

import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Page;

/// Where Redis is and how long to wait for it. An empty `url` means that there is none; `prefix` begins each key, so that
/// several programs can share one Redis.
///
/// `poolSize` is 1 to 1,000. `timeout` bounds each connect, each command and each wait for a connection; `retry` is the
/// time between two attempts to reach a Redis that is away. Both are at least 1 ms.
public record RedisSettings(String url, String prefix, int poolSize, Duration timeout, Duration retry) {
    private static final Duration LEAST = Duration.ofMillis(1);

    public RedisSettings {
        if (poolSize < 1 || poolSize > 1_000) {
            throw new IllegalArgumentException("poolSize " + poolSize);
        }
        if (timeout.compareTo(LEAST) < 0 || retry.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("timeout " + timeout + ", retry " + retry);
        }
    }

    /// @throws CannotStart if a setting cannot be used
    public static RedisSettings read(Page page) {
        String url = page.text("url", "");
        if (!url.isEmpty() && !isRedis(url)) {
            // The URL may hold a password, so it is not repeated.
            throw new CannotStart("app.yaml: setting 'redis.url' must look like redis://host:6379"
                    + " or rediss://user:password@host:6379/0");
        }
        return new RedisSettings(url, page.text("prefix", "heddle"), page.integer("pool.size", 8, 1, 1_000),
                page.duration("timeout", Duration.ofMillis(50), LEAST, Duration.ofSeconds(10)),
                page.duration("retry", Duration.ofSeconds(1), Duration.ofMillis(10), Duration.ofHours(1)));
    }

    private static boolean isRedis(String url) {
        try {
            URI uri = URI.create(url);
            boolean isKnown = "redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme());
            return isKnown && uri.getHost() != null && uri.getPort() != 0;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
