package dev.heddle.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import dev.heddle.db.Database;
import dev.heddle.db.TestDatabase;

/// Compares `GET /items/{id}` of Heddle, through everything, with the bare servers: one process each, the same database,
/// loaded by wrk with 64 connections, one after the other in random order, several rounds: `ROUNDS` (5) of `SECONDS_EACH`
/// (5), from the environment.
public final class OneRow {
    private static final int CONNECTIONS = 64;

    private OneRow() {
    }

    static void main() throws Exception {
        int rounds = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "5"));
        int seconds = Integer.parseInt(System.getenv().getOrDefault("SECONDS_EACH", "5"));
        try (TestDatabase database = TestDatabase.create(); Database db = database.open()) {
            db.update(
                    "insert into items (name, description, price) select 'item ' || n, 'thing', 12.5 from generate_series(1, 1000) n");
            var arms = new LinkedHashMap<String, Arm>();
            try {
                arms.put("heddle", Arm.heddle(database.jdbcUrl()));
                arms.put("dbclient", Arm.bare("dbclient", database.jdbcUrl()));
                arms.put("jdbc", Arm.bare("jdbc", database.jdbcUrl()));
                print(measure(arms, rounds, seconds));
            } finally {
                arms.values().forEach(Arm::close);
            }
        }
        System.exit(0);
    }

    private static Map<String, List<Wrk.Result>> measure(Map<String, Arm> arms, int rounds, int seconds)
            throws Exception {
        var results = new LinkedHashMap<String, List<Wrk.Result>>();
        for (Map.Entry<String, Arm> arm : arms.entrySet()) {
            arm.getValue().awaitItem();
            results.put(arm.getKey(), new ArrayList<>());
            Wrk.run(arm.getValue().url(), CONNECTIONS, 2 * seconds);
        }
        for (int round = 0; round < rounds; round++) {
            var order = new ArrayList<>(arms.keySet());
            Collections.shuffle(order);
            for (String name : order) {
                results.get(name).add(Wrk.run(arms.get(name).url(), CONNECTIONS, seconds));
            }
        }
        return results;
    }

    private static void print(Map<String, List<Wrk.Result>> results) {
        double heddle = median(results.get("heddle"), Wrk.Result::perSecond);
        System.out.printf("%-10s %12s %10s %10s %16s%n", "arm", "answers/s", "p50 ms", "p99 ms", "heddle ÷ arm");
        results.forEach((name, runs) -> System.out.printf("%-10s %12.0f %10.2f %10.2f %16.2f   %s%n", name,
                median(runs, Wrk.Result::perSecond), median(runs, Wrk.Result::p50Millis),
                median(runs, Wrk.Result::p99Millis),
                heddle / median(runs, Wrk.Result::perSecond),
                Arrays.toString(runs.stream().mapToLong(run -> Math.round(run.perSecond())).toArray())));
    }

    private static double median(List<Wrk.Result> runs, ToDoubleFunction<Wrk.Result> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /// A server in a process of its own.
    private record Arm(Process process, int port) implements AutoCloseable {
        static Arm heddle(String jdbcUrl) throws IOException {
            int port = freePort();
            return start(port, Map.of("HEDDLE_DB_URL", jdbcUrl, "HEDDLE_SERVER_PORT", String.valueOf(port)),
                    "dev.heddle.Main");
        }

        static Arm bare(String kind, String jdbcUrl) throws IOException {
            int port = freePort();
            return start(port, Map.of(), "dev.heddle.bench.BareServer", kind, String.valueOf(port), jdbcUrl);
        }

        private static Arm start(int port, Map<String, String> environment, String... program) throws IOException {
            var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-preview", "-Xmx512m", "-cp", System.getProperty("java.class.path")));
            command.addAll(List.of(program));
            var builder = new ProcessBuilder(command).inheritIO()
                    .directory(Files.createTempDirectory("heddle-bench").toFile());
            builder.environment().putAll(environment);
            return new Arm(builder.start(), port);
        }

        private static int freePort() throws IOException {
            try (var socket = new ServerSocket(0)) {
                return socket.getLocalPort();
            }
        }

        String url() {
            return "http://127.0.0.1:" + port + "/items/7";
        }

        /// Waits up to 20 s for the server, and checks what it answers.
        void awaitItem() throws InterruptedException {
            try (HttpClient client = HttpClient.newHttpClient()) {
                for (int tries = 0;; tries++) {
                    try {
                        String body = client
                                .send(HttpRequest.newBuilder(URI.create(url())).build(), BodyHandlers.ofString())
                                .body();
                        if (!body.contains("\"name\":\"item 7\"")) {
                            throw new IllegalStateException("wrong answer: " + body);
                        }
                        return;
                    } catch (IOException e) {
                        if (tries == 200) {
                            throw new IllegalStateException("not started", e);
                        }
                        Thread.sleep(100);
                    }
                }
            }
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
