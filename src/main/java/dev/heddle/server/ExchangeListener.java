package dev.heddle.server;

import java.time.Duration;

/// Is told of each request. Called on the request's thread, so it must not block; thread-safe.
public interface ExchangeListener {
    void started();

    /// `route` is the path's pattern, or `unknown` where no route was found.
    void answered(String method, String route, int status, Duration took);
}
