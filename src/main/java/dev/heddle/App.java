package dev.heddle;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.heddle.concurrent.CpuPool;
import dev.heddle.console.DocsRoutes;
import dev.heddle.db.Database;
import dev.heddle.db.DatabaseSettings;
import dev.heddle.db.Keys;
import dev.heddle.items.ItemImport;
import dev.heddle.items.ItemRoutes;
import dev.heddle.items.Items;
import dev.heddle.observe.Health;
import dev.heddle.observe.Metrics;
import dev.heddle.observe.ObserveRoutes;
import dev.heddle.pages.Cursors;
import dev.heddle.postgres.LocalPostgres;
import dev.heddle.server.HttpServer;
import dev.heddle.server.ServerSettings;
import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;
import dev.heddle.users.Profiles;
import dev.heddle.users.UserRoutes;
import dev.heddle.users.UserSearch;
import dev.heddle.users.Users;
import dev.heddle.web.Route;

/// The house, wired by hand: what is started here, in this order, is stopped in the reverse one.
public final class App implements AutoCloseable {
    private static final Duration READINESS_PATIENCE = Duration.ofSeconds(1);

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final AtomicBoolean isClosed = new AtomicBoolean();
    private final HttpServer server;
    private final String dataPlace;

    private App(Settings settings) {
        var data = Path.of(settings.page("data").text("folder", "data"));
        DatabaseSettings databaseSettings = DatabaseSettings.read(settings.page("db"));
        ServerSettings serverSettings = ServerSettings.read(settings.page("server"));
        settings.refuseUnknown();

        dataPlace = databaseSettings.url().isEmpty() ? data.toAbsolutePath().toString() : "the database of db.url";
        String url = databaseSettings.url().isEmpty() ? stopLater(LocalPostgres.start(data)).jdbcUrl()
                : databaseSettings.url();
        Database db = stopLater(Database.open(databaseSettings, url));
        var cursors = new Cursors(new Keys(db).key("cursors"));

        var metrics = new Metrics();
        var health = new Health(List.of(() -> db.isReachable(READINESS_PATIENCE)));
        gauge(metrics, db);

        List<Route> routes = new ArrayList<>();
        var users = new Users(db);
        routes.addAll(new UserRoutes(users, new Profiles(users), new UserSearch(users, cursors)).routes());
        var items = new Items(db);
        routes.addAll(new ItemRoutes(items, new ItemImport(items), cursors).routes());
        routes.addAll(new ObserveRoutes(metrics, health).routes());
        routes.addAll(new DocsRoutes(routes).routes());

        server = stopLater(HttpServer.start(serverSettings, routes, metrics));
        stopLater(health::shut);
        health.open();
    }

    /// Starts the server that `settings` describe.
    ///
    /// @throws CannotStart if it cannot be started; nothing is left running then
    public static App start(Settings settings) {
        return new App(settings);
    }
}
