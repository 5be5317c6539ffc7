package dev.heddle.server;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

import dev.heddle.concurrent.Deadline;

/// Is told of each request, and may stand around all that is done for it. Called on the request's thread, so it must not
/// block; thread-safe.
public interface ExchangeListener {
    /// The status that is told where the caller left before there was a whole answer.
    int CALLER_LEFT = 499;

    /// The method that is told where HTTP knows no such one.
    String OTHER_METHOD = "other";

    /// The route that is told where none was found.
    String UNKNOWN_ROUTE = "unknown";

    /// A request whose headers have been read. `path` is as it came,
    /// escaped and without its query; a header given several times is one list.
    record Asked(String requestId, String method, String path, Function<String, Optional<String>> headers) {}

    /// Runs `exchange`, once and on this thread; what is bound around it is seen by all that is done for the request.
    /// `started` and `answered` are called within. An exception, which is to be let pass, says that there is no whole answer.
    default void around(Asked asked, Runnable exchange) {
        exchange.run();
    }

    default void started() {
    }

    /// The request's route was found, and what follows must be done by `deadline`; not called where there is none.
    default void bounded(Deadline deadline) {
    }

    /// `route` is the path's pattern.
    void answered(String method, String route, int status, Duration took);

    /// Both as one: this one stands around `inner`.
    default ExchangeListener and(ExchangeListener inner) {
        ExchangeListener outer = this;
        return new ExchangeListener() {
            @Override
            public void around(Asked asked, Runnable exchange) {
                outer.around(asked, () -> inner.around(asked, exchange));
            }

            @Override
            public void started() {
                outer.started();
                inner.started();
            }

            @Override
            public void bounded(Deadline deadline) {
                outer.bounded(deadline);
                inner.bounded(deadline);
            }

            @Override
            public void answered(String method, String route, int status, Duration took) {
                inner.answered(method, route, status, took);
                outer.answered(method, route, status, took);
            }
        };
    }
}
