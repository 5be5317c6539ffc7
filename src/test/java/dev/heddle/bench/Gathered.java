package dev.heddle.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;

import dev.heddle.db.Database;
import dev.heddle.db.TestDatabase;
import dev.heddle.redis.TestRedis;
import dev.heddle.upstream.FakeUpstream;

/// Measures what is promised of gathered calls, caches and things that fail, one after the other, each on a warm server in
/// a process of its own, and prints a line for each; `ONLY` (from the environment) names the one to measure. Exits with 1
/// if a promise is not kept.
public final class Gathered {
    private static final int USERS = 200;

    private static boolean areAllKept = true;

    private Gathered() {
    }

    static void main() throws Exception {
        Logger.getLogger("").setLevel(Level.WARNING);
        try (TestDatabase database = TestDatabase.create(); Database db = database.open()) {
            db.update("""
                    insert into items (name, description, price)
                    select 'item ' || n, 'thing', 12.5 from generate_series(1, 1000) n""");
            db.update("""
                    insert into users (username, email, full_name)
                    select 'ada' || n, 'ada' || n || '@example.org', 'Ada' from generate_series(1, %d) n"""
                    .formatted(USERS));
            run("waits", () -> waits(database, db));
            run("loads", () -> loads(database, db));
            run("fanout", () -> fanOut(database));
            run("redis", () -> redis(database));
            run("frozen", () -> frozen(database));
        }
        System.exit(areAllKept ? 0 : 1);
    }

    private static void run(String name, Callable<List<Figure>> measuring) throws Exception {
        if (System.getenv().getOrDefault("ONLY", name).equals(name)) {
            for (Figure figure : measuring.call()) {
                areAllKept &= figure.isKept();
                System.out.println(figure);
            }
        }
    }

    private static List<Figure> waits(TestDatabase database, Database db) throws Exception {
        try (var slow = FakeUpstream.doing(after(Duration.ofSeconds(1), FakeUpstream.json("{\"id\": 1}")));
                var server = started(database,
                        Map.of("HEDDLE_UPSTREAM_POSTS_URL", slow.address(), "HEDDLE_UPSTREAM_GITHUB_URL", "lab"))) {
            var figures = new WaitFigures(server);
            return List.of(figures.compare(), figures.threeAtOnce(db), figures.limited());
        }
    }

    private static List<Figure> loads(TestDatabase database, Database db) throws Exception {
        try (var server = started(database, Map.of())) {
            return List.of(new LoadFigures(server).cached(db, 1));
        }
    }

    private static List<Figure> fanOut(TestDatabase database) throws Exception {
        try (var server = started(database,
                Map.of("HEDDLE_UPSTREAM_GITHUB_URL", "lab", "HEDDLE_UPSTREAM_GITHUB_IN_FLIGHT", "2000",
                        "HEDDLE_UPSTREAM_GITHUB_KEPT_ALIVE", "2000", "HEDDLE_LAB_UPSTREAM_DELAY", "100ms"))) {
            return List.of(new LoadFigures(server).fanOut());
        }
    }

    private static List<Figure> redis(TestDatabase database) throws Exception {
        try (TestRedis redis = TestRedis.start();
                var server = started(database, Map.of("HEDDLE_REDIS_URL", redis.url()))) {
            var figures = new RedisAway(server, redis, 1);
            return List.of(figures.killed(), figures.frozen());
        }
    }

    private static List<Figure> frozen(TestDatabase database) throws Exception {
        try (var upstream = FakeUpstream.doing(FakeUpstream.hang());
                var server = started(database,
                        Map.of("HEDDLE_UPSTREAM_GITHUB_URL", upstream.address(), "HEDDLE_UPSTREAM_GITHUB_IN_FLIGHT",
                                "1000", "HEDDLE_UPSTREAM_GITHUB_TIMEOUT", "60s"))) {
            return List.of(new FrozenUpstream(server).harm());
        }
    }

    private static Server started(TestDatabase database, Map<String, String> settings)
            throws IOException, InterruptedException {
        Server server = Server.heddle(database.jdbcUrl(), settings);
        server.await("/health/ready");
        return server;
    }

    private static FakeUpstream.Behaviour after(Duration wait, FakeUpstream.Behaviour behaviour) {
        return (number, socket) -> {
            Thread.sleep(wait);
            behaviour.answer(number, socket);
        };
    }
}
