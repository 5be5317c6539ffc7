package dev.heddle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.heddle.accounts.AccountRoutes;
import dev.heddle.accounts.Accounts;
import dev.heddle.accounts.Batch;
import dev.heddle.accounts.Ledger;
import dev.heddle.chores.Chores;
import dev.heddle.chores.TaskRoutes;
import dev.heddle.console.DocsRoutes;
import dev.heddle.db.Database;
import dev.heddle.files.FileRoutes;
import dev.heddle.files.Files;
import dev.heddle.files.Pictures;
import dev.heddle.gates.CpuPool;
import dev.heddle.idempotency.Idempotency;
import dev.heddle.items.ItemImport;
import dev.heddle.items.ItemRoutes;
import dev.heddle.items.Items;
import dev.heddle.keys.Keys;
import dev.heddle.lab.Computations;
import dev.heddle.lab.LabRoutes;
import dev.heddle.limits.LimitRoutes;
import dev.heddle.limits.LimitSettings;
import dev.heddle.limits.PerClient;
import dev.heddle.mail.Mailer;
import dev.heddle.notices.NoticeRoutes;
import dev.heddle.notices.Notices;
import dev.heddle.observe.Health;
import dev.heddle.observe.Metrics;
import dev.heddle.observe.ObserveRoutes;
import dev.heddle.observe.PoolStatus;
import dev.heddle.pages.Cursors;
import dev.heddle.pool.PoolStats;
import dev.heddle.postgres.LocalPostgres;
import dev.heddle.redis.Redis;
import dev.heddle.running.Running;
import dev.heddle.running.RunningRoutes;
import dev.heddle.server.Admission;
import dev.heddle.server.HandlerThreads;
import dev.heddle.server.HttpServer;
import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;
import dev.heddle.standins.LabUpstream;
import dev.heddle.streams.StreamRoutes;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.Tasks;
import dev.heddle.traces.Traces;
import dev.heddle.traces.Tracing;
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
        return start(AppSettings.read(settings), Tracing.silent());
    }

    /// Starts the server, whose spans go to `tracing`; that is closed with the server, even if it cannot be started.
    ///
    /// @throws CannotStart if it cannot be started; nothing is left running then
    public static App start(AppSettings settings, Tracing tracing) {
        var parts = new Parts();
        try {
            return new App(settings, parts, parts.keep(tracing));
        } catch (RuntimeException | Error e) {
            // An Error, too: told to stop in mid-start, some library's static part may find that it comes too late.
            parts.closeAfter(e);
            throw e;
        }
    }

    private App(AppSettings settings, Parts parts, Tracing tracing) {
        this.parts = parts;
        String ownUrl = settings.database().url();
        boolean isEmbedded = ownUrl.isEmpty();
        dataPlace = isEmbedded
                ? settings.data().toAbsolutePath() + " (PostgreSQL 18)"
                : "in the database of the setting db.url";
        String url = isEmbedded ? parts.keep(LocalPostgres.start(settings.data())).jdbcUrl() : ownUrl;
        Database db = parts.keep(Database.open(settings.database(), url));
        List<ScopedValue<?>> carried = List.of(Traces.carried());
        CpuPool processor = parts.keep(new CpuPool(settings.cpu().threads(), settings.cpu().longestQueue(), carried));
        HandlerThreads threads = parts.keep(HandlerThreads.start(settings.threads(), carried));
        Redis redis = parts.keep(Redis.open(settings.redis()));
        Upstreams upstreams = parts.keep(Upstreams.open(settings.upstreams(),
                () -> parts.keep(LabUpstream.start(settings.labDelay())).address()));
        var cursors = new Cursors(new Keys(db).key("cursors"));
        var metrics = new Metrics();
        Gauges.hang(metrics, db);
        Gauges.hang(metrics, redis);
        Gauges.hang(metrics, threads);
        upstreams.all().forEach(upstream -> Gauges.hang(metrics, upstream));
        var health = new Health(List.of(() -> db.isReachable(READINESS_PATIENCE)));

        var files = new Files(db);
        var notices = new Notices(db, parts.keep(Mailer.open(settings.mail(), settings.data())));
        List<Kind<?>> kinds = Stream
                .of(Chores.kinds(processor, Computations::sumBelow), notices.kinds(),
                        List.of(Pictures.kind(files, processor, settings.files())))
                .<Kind<?>>flatMap(List::stream).toList();
        Tasks tasks = parts.keep(Tasks.start(db, settings.tasks(), kinds));
        Gauges.hang(metrics, tasks);

        var routes = new ArrayList<Route>();
        var users = new Users(db);
        routes.addAll(new UserRoutes(users, new Profiles(users, redis), new UserSearch(users, cursors, redis),
                new Avatars(upstreams.github())).routes());
        var items = new Items(db);
        routes.addAll(new ItemRoutes(items, new ItemImport(items), cursors).routes());
        var accounts = new Accounts(db);
        var ledger = new Ledger(db);
        routes.addAll(new AccountRoutes(accounts, ledger, new Batch(db, accounts, ledger),
                new Idempotency(db, settings.keptAnswers()), cursors).routes());
        routes.addAll(new TaskRoutes(tasks, cursors).routes());
        routes.addAll(new Chores(tasks).routes());
        routes.addAll(new FileRoutes(db, files, tasks, settings.files()).routes());
        routes.addAll(new NoticeRoutes(notices, tasks, cursors).routes());
        routes.addAll(new LimitRoutes(settings.limits(), redis).routes());
        routes.addAll(new LabRoutes(new LabRoutes.Parts(upstreams, processor, threads, redis), users,
                settings.data().resolve("files")).routes());
        routes.addAll(new StreamRoutes(StreamRoutes.PACE).routes());
        var running = new Running();
        List<Route> operations = Stream.concat(
                new ObserveRoutes(metrics, health, () -> poolStatus(db)).routes().stream(),
                new RunningRoutes(running).routes().stream()).toList();
        routes.addAll(operations);
        routes.addAll(new DocsRoutes(routes).routes());

        Admission admission = admission(settings.limits(), redis, operations);
        server = parts.keep(HttpServer.start(settings.server(), threads.moved(routes),
                metrics.and(tracing.requests()).and(running), admission));
        parts.keep(tasks::pause);
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

    private static Admission admission(LimitSettings settings, Redis redis, List<Route> operations) {
        Set<String> open = operations.stream().map(Route::path).collect(Collectors.toSet());
        return settings.isPerClient() ? new PerClient(settings, redis, open) : Admission.EVERYBODY;
    }

    private static PoolStatus poolStatus(Database db) {
        PoolStats stats = db.stats();
        return new PoolStatus(stats.size(), stats.idle(), stats.active(), 0, stats.waiting());
    }
}
