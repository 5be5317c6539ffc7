package dev.heddle;

import dev.heddle.db.Database;
import dev.heddle.observe.Metrics;
import dev.heddle.redis.Redis;
import dev.heddle.server.HandlerThreads;
import dev.heddle.tasks.Tasks;
import dev.heddle.upstream.Upstream;

/// Hangs up what the parts say of themselves where metrics are read.
final class Gauges {
    private Gauges() {
    }

    static void hang(Metrics metrics, HandlerThreads threads) {
        metrics.gauge("platform_pool_active", "Platform threads that handle a request.", threads::active);
        metrics.gauge("platform_pool_waiting", "Requests that wait for a platform thread.", threads::queued);
    }

    static void hang(Metrics metrics, Redis redis) {
        metrics.gauge("redis_away", "1 while Redis does not answer, else 0.", () -> redis.stats().isAway() ? 1 : 0);
        metrics.gauge("redis_connections", "Connections to Redis.", () -> redis.stats().open());
        metrics.gauge("redis_unanswered", "Calls that Redis did not answer since the start.",
                () -> redis.stats().unanswered());
    }

    static void hang(Metrics metrics, Tasks tasks) {
        metrics.gauge("tasks_waiting", "Tasks that wait to be run, on any node.", tasks::waiting);
        metrics.gauge("tasks_running", "Tasks that this node runs.", tasks::running);
    }

    static void hang(Metrics metrics, Database db) {
        metrics.gauge("db_pool_connections_active", "Database connections in use.", () -> db.stats().active());
        metrics.gauge("db_pool_connections_idle", "Database connections that wait for work.", () -> db.stats().idle());
        metrics.gauge("db_pool_waiting", "Requests that wait for a database connection.", () -> db.stats().waiting());
        metrics.gauge("db_pool_refused", "Requests turned away before the pool since the start.",
                () -> db.stats().refused());
    }

    static void hang(Metrics metrics, Upstream upstream) {
        String prefix = "upstream_" + upstream.name();
        metrics.gauge(prefix + "_in_flight", "Calls under way.", () -> upstream.stats().inFlight());
        metrics.gauge(prefix + "_waiting", "Calls in line.", () -> upstream.stats().waiting());
        metrics.gauge(prefix + "_refused", "Calls turned away at the gate since the start.",
                () -> upstream.stats().refused());
        metrics.gauge(prefix + "_retries", "Calls repeated since the start.", () -> upstream.stats().retries());
        metrics.gauge(prefix + "_open", "1 while the circuit is open, else 0.",
                () -> upstream.stats().isOpen() ? 1 : 0);
        metrics.gauge(prefix + "_connections_idle", "Connections kept for later.", () -> upstream.stats().kept());
    }
}
