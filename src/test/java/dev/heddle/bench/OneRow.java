package dev.heddle.bench;

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
    private static final String ITEM = "/items/7";

    private OneRow() {
    }

    static void main() throws Exception {
        int rounds = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "5"));
        int seconds = Integer.parseInt(System.getenv().getOrDefault("SECONDS_EACH", "5"));
        try (TestDatabase database = TestDatabase.create(); Database db = database.open()) {
            db.update(
                    "insert into items (name, description, price) select 'item ' || n, 'thing', 12.5 from generate_series(1, 1000) n");
            var arms = new LinkedHashMap<String, Server>();
            try {
                arms.put("heddle", Server.heddle(database.jdbcUrl(), Map.of()));
                arms.put("dbclient", Server.bare("dbclient", database.jdbcUrl()));
                arms.put("jdbc", Server.bare("jdbc", database.jdbcUrl()));
                print(measure(arms, rounds, seconds));
            } finally {
                arms.values().forEach(Server::close);
            }
        }
        System.exit(0);
    }

    private static Map<String, List<Wrk.Result>> measure(Map<String, Server> arms, int rounds, int seconds)
            throws Exception {
        var results = new LinkedHashMap<String, List<Wrk.Result>>();
        for (Map.Entry<String, Server> arm : arms.entrySet()) {
            if (!arm.getValue().await(ITEM).contains("\"name\":\"item 7\"")) {
                throw new IllegalStateException(arm.getKey() + " answers something else");
            }
            results.put(arm.getKey(), new ArrayList<>());
            Wrk.run(arm.getValue().url(ITEM), CONNECTIONS, 2 * seconds);
        }
        for (int round = 0; round < rounds; round++) {
            var order = new ArrayList<>(arms.keySet());
            Collections.shuffle(order);
            for (String name : order) {
                results.get(name).add(Wrk.run(arms.get(name).url(ITEM), CONNECTIONS, seconds));
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
}
