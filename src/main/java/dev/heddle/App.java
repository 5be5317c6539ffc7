package dev.heddle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.console.DocsRoutes;
import dev.heddle.db.Database;
import dev.heddle.gates.CpuPool;
import dev.heddle.items.ItemImport;
import dev.heddle.items.ItemRoutes;
import dev.heddle.items.Items;
import dev.heddle.keys.Keys;
import dev.heddle.lab.LabRoutes;
import dev.heddle.lab.LabUpstream;
import dev.heddle.observe.Health;
import dev.heddle.observe.Metrics;
import dev.heddle.observe.ObserveRoutes;
import dev.heddle.observe.PoolStatus;
import dev.heddle.pages.Cursors;
import dev.heddle.pool.PoolStats;
import dev.heddle.postgres.LocalPostgres;
import dev.heddle.server.HandlerThreads;
import dev.heddle.server.HttpServer;
import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;
import dev.heddle.upstream.Upstream;
import dev.heddle.upstream.Upstreams;
import dev.heddle.users.Avatars;
import dev.heddle.users.Profiles;
import dev.heddle.users.UserRoutes;
import dev.heddle.users.UserSearch;
import dev.heddle.users.Users;
import dev.heddle.web.Route;

/// The house, wired by hand: what is started here, in this order, is stopped in the reverse one.
public final class App implements AutoCloseable {
    private static final Duration READINESS_PATIENCE = Duration.ofSeconds(1);

    private final Parts parts;
    private final HttpServer server;
    private final String dataPlace;

    /// Starts the server that `settings` describe.
    ///
    /// @throws CannotStart if it cannot be started; nothing is left running then
    public static App start(Settings settings) {
        AppSettings read = AppSettings.read(settings);
        var parts = new Parts();
        try {
            return new App(read, parts);
        } catch (RuntimeException e) {
            parts.closeAfter(e);
            throw e;
        }
    }

    private App(AppSettings settings, Parts parts) {
        this.parts = parts;
        String ownUrl = settings.database().url();
        boolean isEmbedded = ownUrl.isEmpty();
        dataPlace = isEmbedded
                ? settings.data().toAbsolutePath() + " (PostgreSQL 18)"
                : "in the database of the setting db.url";
        String url = isEmbedded ? parts.keep(LocalPostgres.start(settings.data())).jdbcUrl() : ownUrl;
        Database db = parts.keep(Database.open(settings.database(), url));
        CpuPool processor = parts.keep(new CpuPool(settings.cpu().threads(), settings.cpu().longestQueue(), List.of()));
        HandlerThreads threads = parts.keep(HandlerThreads.start(settings.threads()));
        var cursors = new Cursors(new Keys(db).key("cursors"));

        var metrics = new Metrics();
        var health = new Health(List.of(() -> db.isReachable(READINESS_PATIENCE)));
        gauge(metrics, db);

        var routes = new ArrayList<Route>();
        Upstreams upstreams = parts
                .keep(Upstreams.open(settings.upstreams(),
                        () -> parts.keep(LabUpstream.start(settings.labDelay())).address()));
        gauge(metrics, upstreams);
        metrics.gauge("platform_pool_active", "Platform threads that handle a request.", threads::active);
        metrics.gauge("platform_pool_waiting", "Requests that wait for a platform thread.", threads::queued);
        var users = new Users(db);
        routes.addAll(new UserRoutes(users, new Profiles(users), new UserSearch(users, cursors),
                new Avatars(upstreams.github())).routes());
        var items = new Items(db);
        routes.addAll(new ItemRoutes(items, new ItemImport(items), cursors).routes());
        routes.addAll(new LabRoutes(new LabRoutes.Parts(upstreams, processor, threads), users,
                settings.data().resolve("files"))
                .routes());
        routes.addAll(new ObserveRoutes(metrics, health, () -> poolStatus(db)).routes());
        routes.addAll(new DocsRoutes(routes).routes());

        server = parts.keep(HttpServer.start(settings.server(), threads.moved(routes), metrics));
        parts.keep(health::shut);
        health.open();
    }

    /// Where callers find the server, such as `http://127.0.0.1:8080`.
    public String address() {
        return server.address();
    }

    /// Where the data are, in words.
    public String dataPlace() {
        return dataPlace;
    }

    @Override
    public void close() {
        parts.close();
    }

    private static void gauge(Metrics metrics, Database db) {
        metrics.gauge("db_pool_connections_active", "Database connections in use.", () -> db.stats().active());
        metrics.gauge("db_pool_connections_idle", "Database connections that wait for work.", () -> db.stats().idle());
        metrics.gauge("db_pool_waiting", "Requests that wait for a database connection.", () -> db.stats().waiting());
        metrics.gauge("db_pool_refused", "Requests turned away before the pool since the start.",
                () -> db.stats().refused());
    }

    private static void gauge(Metrics metrics, Upstreams upstreams) {
        for (Upstream upstream : upstreams.all()) {
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

    private static PoolStatus poolStatus(Database db) {
        PoolStats stats = db.stats();
        return new PoolStatus(stats.size(), stats.idle(), stats.active(), 0, stats.waiting());
    }
}
