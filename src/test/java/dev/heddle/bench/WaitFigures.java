package dev.heddle.bench;

import static dev.heddle.bench.Figure.median;
import static dev.heddle.bench.Figure.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

import dev.heddle.concurrent.Gather;
import dev.heddle.db.Database;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How long requests take that do nothing but wait, for one caller at a time.
final class WaitFigures {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int IDEAL_MILLIS = 100;

    private final Server server;

    WaitFigures(Server server) {
        this.server = server;
    }

    Figure compare() throws Exception {
        server.get("/compare?n=3&ms=1");
        var sequential = new double[3];
        var gathered = new double[3];
        for (int round = 0; round < gathered.length; round++) {
            JsonNode answer = JSON.readTree(server.get("/compare?n=3&ms=2000"));
            sequential[round] = answer.get("sequential_seconds").asDouble();
            gathered[round] = answer.get("gathered_seconds").asDouble();
        }
        return new Figure("/compare?n=3&ms=2000", "gathered at most 2.02 s",
                text("%.3f s in sequence, %.3f s gathered (medians of 3)", median(sequential), median(gathered)),
                median(gathered) <= 2.02);
    }

    /// Each request of three takes its time in another way: in PostgreSQL, here, at an upstream. While it lasts, reading an
    /// item takes 200 ms in the database.
    Figure threeAtOnce(Database db) throws Exception {
        db.update("alter table items rename to quick_items");
        db.update("create view items as select quick_items.* from quick_items, pg_sleep(0.2)");
        try {
            double first = secondsOfThree();
            double[] rounds = DoubleStream.generate(this::secondsOfThree).limit(10).toArray();
            return new Figure("three at once: pg_sleep 200 ms, 1 ms, upstream 1000 ms", "at most 1.02 s",
                    text("%.3f s (median of 10), slowest %.3f; the very first %.3f", median(rounds),
                            Arrays.stream(rounds).max().orElseThrow(), first),
                    median(rounds) <= 1.02);
        } finally {
            db.update("drop view items");
            db.update("alter table quick_items rename to items");
        }
    }

    private double secondsOfThree() {
        long start = System.nanoTime();
        try {
            Gather.all(List.of(() -> server.get("/items/7"), () -> server.get("/async?ms=1"),
                    () -> server.get("/external-data")));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    Figure limited() throws Exception {
        List<Double> millis = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            String took = server.ask("/concurrent-with-limit").headers().firstValue("X-Process-Time").orElseThrow();
            millis.add(Double.parseDouble(took) * 1e3);
        }
        double median = median(
                millis.subList(20, millis.size()).stream().mapToDouble(Double::doubleValue).toArray());
        return new Figure("100 upstream calls of 10 ms, 10 at once", "at most 1.1 × 100 ms",
                text("%.1f ms: %.2f × (median of 40)", median, median / IDEAL_MILLIS), median <= 1.1 * IDEAL_MILLIS);
    }
}
