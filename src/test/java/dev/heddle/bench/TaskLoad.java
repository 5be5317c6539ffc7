package dev.heddle.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import dev.heddle.db.Database;
import dev.heddle.db.TestDatabase;

/// Measures tasks through everything: how many are accepted and done a second, and how soon one begins; first with empty
/// tables, then with 100,000 finished and 10,000 waiting tasks in them. `SECONDS_EACH` (5) and `CONNECTIONS` (64) come from
/// the environment.
public final class TaskLoad {
    private static final int SECONDS = Integer.parseInt(System.getenv().getOrDefault("SECONDS_EACH", "5"));
    private static final int CONNECTIONS = Integer.parseInt(System.getenv().getOrDefault("CONNECTIONS", "64"));
    private static final int BACKLOG = 20_000;
    private static final int SINGLE = 600;
    private static final String TRIVIAL = "{\"kind\": \"process-data\", \"data\": \"x\"}";
    // Nothing of this is done: what does not find one of the hundred places waits.
    private static final String IDLE = "{\"kind\": \"simulate\", \"data\": {\"stage_ms\": 60000}}";

    private final Database db;
    private final URI address;
    private final Process server;

    private TaskLoad(Database db, URI address, Process server) {
        this.db = db;
        this.server = server;
        this.address = address;
    }

    static void main() throws Exception {
        try (TestDatabase database = TestDatabase.create(); Database db = database.open()) {
            int port = freePort();
            Process server = start(port, database.jdbcUrl());
            try {
                var load = new TaskLoad(db, URI.create("http://127.0.0.1:" + port), server);
                load.warmUp();
                load.round("empty");
                load.fill();
                load.round("full");
                load.round("full");
            } finally {
                server.destroyForcibly().waitFor();
            }
        }
        System.exit(0);
    }

    private void round(String tables) throws Exception {
        long before = processorMillis();
        Wrk.Result accepted = post(IDLE, SECONDS);
        double acceptedMillis = processorMillis() - before;
        clear("simulate");
        Wrk.Result whileRun = post(TRIVIAL, SECONDS);
        awaitNoneWaiting();
        before = processorMillis();
        double done = backlog();
        double doneMillis = processorMillis() - before;
        Delays delays = delays();
        System.out.printf(
                "%-6s accepted %.0f/s (p99 %.1f ms, %.3f ms of the server's processor time each), while they are run "
                        + "%.0f/s; done %.0f/s (%.3f ms each); start delay p50 %.1f ms, p99 %.1f ms%n",
                tables, accepted.perSecond(), accepted.p99Millis(), acceptedMillis / accepted.perSecond() / SECONDS,
                whileRun.perSecond(), done, doneMillis / BACKLOG, delays.p50, delays.p99);
    }

    private long processorMillis() {
        return server.toHandle().info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    private Wrk.Result post(String body, int seconds) throws IOException, InterruptedException {
        Path script = Files.createTempFile("post", ".lua");
        Files.writeString(script, """
                wrk.method = "POST"
                wrk.headers["Content-Type"] = "application/json"
                wrk.body = [[%s]]
                """.formatted(body));
        return Wrk.run(address + "/tasks", CONNECTIONS, seconds, "-s", script.toString());
    }

    /// Tasks done a second, of many that were made at once behind the server's back.
    private double backlog() throws InterruptedException {
        Instant begin = now();
        make("process-data", BACKLOG, "now()");
        awaitNoneWaiting();
        return db.one("""
                select cast(count(*) / extract(epoch from max(completed_at) - min(started_at)) as bigint) as rate
                from tasks where kind = 'process-data' and created_at >= ?
                """, row -> row.number("rate"), begin).orElseThrow();
    }

    private record Delays(double p50, double p99) {}

    private Delays delays() throws Exception {
        Instant begin = now();
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < SINGLE; i++) {
                client.send(HttpRequest.newBuilder(address.resolve("/tasks")).header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(TRIVIAL)).build(), BodyHandlers.discarding());
                Thread.sleep(5);
            }
        }
        awaitNoneWaiting();
        return db.one("""
                select cast(percentile_cont(0.5) within group (order by delay) * 1000000 as bigint) as p50,
                    cast(percentile_cont(0.99) within group (order by delay) * 1000000 as bigint) as p99
                from (select extract(epoch from started_at - created_at) as delay from tasks
                    where kind = 'process-data' and created_at >= ?) as delays
                """, row -> new Delays(row.number("p50") / 1e3, row.number("p99") / 1e3), begin).orElseThrow();
    }

    /// 100,000 finished tasks, 5,000 that wait for their next try, and 5,000 of a kind that no node knows.
    private void fill() {
        for (int part = 0; part < 20; part++) {
            db.update("""
                    insert into tasks (id, name, kind, status, data, attempts, started_at, completed_at, result)
                    select uuidv7(), 'x', 'process-data', 'completed', '"x"', 1, now(), now(), '{"processed": true}'
                    from generate_series(1, 5000)
                    """);
        }
        make("simulate", 5_000, "now() + interval '1 hour'");
        make("unknown", 5_000, "now()");
    }

    private void make(String kind, int count, String due) {
        db.update("""
                with task as (
                    insert into tasks (id, name, kind, data)
                    select uuidv7(), 'x', cast(? as text), '"x"' from generate_series(1, cast(? as integer))
                    returning id, kind
                )
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                select kind, cast(id as text), %s, false, 1 from task
                """.formatted(due), kind, count);
    }

    private void clear(String kind) {
        db.update("delete from scheduled_tasks where task_name = ? and execution_time <= now()", kind);
        db.update("""
                delete from tasks where kind = ? and not exists
                (select from scheduled_tasks where task_instance = cast(tasks.id as text))
                """, kind);
    }

    private Instant now() {
        return db.one("select now() as now", row -> row.instant("now")).orElseThrow();
    }

    private void awaitNoneWaiting() throws InterruptedException {
        long giveUp = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (db.one("select count(*) as left from scheduled_tasks where task_name = 'process-data'",
                row -> row.number("left")).orElseThrow() > 0) {
            if (System.nanoTime() - giveUp > 0) {
                throw new IllegalStateException("the tasks are not done");
            }
            Thread.sleep(20);
        }
    }

    private void warmUp() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int tries = 0;; tries++) {
                try {
                    client.send(HttpRequest.newBuilder(address.resolve("/health/ready")).build(),
                            BodyHandlers.discarding());
                    break;
                } catch (IOException e) {
                    if (tries == 900) {
                        throw new IllegalStateException("not started", e);
                    }
                    Thread.sleep(100);
                }
            }
        }
        post(TRIVIAL, 2 * SECONDS);
        awaitNoneWaiting();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Process start(int port, String jdbcUrl) throws IOException {
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview", "-Xmx512m", "-cp", System.getProperty("java.class.path"), "dev.heddle.Main")
                .inheritIO().directory(Files.createTempDirectory("heddle-bench").toFile());
        builder.environment().putAll(Map.of("HEDDLE_DB_URL", jdbcUrl, "HEDDLE_SERVER_PORT", String.valueOf(port),
                // On a busy machine nobody is to be turned away: that would be measured as speed.
                "HEDDLE_DB_GATE_QUEUE", "30s", "HEDDLE_DB_CONNECT_TIMEOUT", "30s", "HEDDLE_TASKS_PRUNE", "1d"));
        return builder.start();
    }
}
