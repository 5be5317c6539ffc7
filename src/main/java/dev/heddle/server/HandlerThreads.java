package dev.heddle.server;

import java.util.List;
import java.util.concurrent.CompletionException;

import dev.heddle.gates.PlatformPool;
import dev.heddle.web.Route;

/// On which threads handlers run: on the virtual thread of their connection, or on a bounded pool of platform threads, as
/// servers did before there were virtual ones. Connections are read and written by virtual threads in either case.
public final class HandlerThreads implements AutoCloseable {
    private final ThreadSettings.Kind kind;
    private final PlatformPool pool;

    private HandlerThreads(ThreadSettings.Kind kind, PlatformPool pool) {
        this.kind = kind;
        this.pool = pool;
    }

    /// Makes the pool in either case, because some handlers choose it. Handlers see the scoped values named in `carried`
    /// there, too; see [PlatformPool].
    public static HandlerThreads start(ThreadSettings settings, List<ScopedValue<?>> carried) {
        return new HandlerThreads(settings.kind(),
                new PlatformPool("platform", settings.platformPoolSize(), settings.longestQueue(), carried));
    }

    /// `routes`, with those that do not choose moved to the threads that the settings say.
    public List<Route> moved(List<Route> routes) {
        return switch (kind) {
            case VIRTUAL -> List.copyOf(routes);
            case PLATFORM -> routes.stream()
                    .map(route -> route.isPinned() ? route : route.handledBy(onPlatform(route.handler()))).toList();
        };
    }

    /// Runs `handler` on the platform threads, whatever the settings say.
    public Route.Handler onPlatform(Route.Handler handler) {
        return request -> {
            try {
                return pool.call(() -> handler.handle(request));
            } catch (CompletionException e) {
                throw e.getCause() instanceof Exception checked ? checked : e;
            }
        };
    }

    /// Platform threads that handle a request now.
    public int active() {
        return pool.active();
    }

    /// Requests that wait for a platform thread.
    public int queued() {
        return pool.queued();
    }

    @Override
    public void close() {
        pool.close();
    }
}
