package dev.heddle.bench;

import static dev.heddle.bench.Figure.percentile;
import static dev.heddle.bench.Figure.text;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Gather;
import dev.heddle.redis.TestRedis;

/// What callers notice when Redis dies or freezes under load.
final class RedisAway {
    private static final int CALLERS = 8;
    private static final Duration WINDOW = Duration.ofSeconds(4);

    private final Server server;
    private final TestRedis redis;
    private final long user;
    private final AtomicInteger number = new AtomicInteger();

    RedisAway(Server server, TestRedis redis, long user) {
        this.server = server;
        this.redis = redis;
        this.user = user;
    }

    Figure killed() throws Exception {
        return during("killed", redis::kill, redis::run);
    }

    Figure frozen() throws Exception {
        return during("frozen", redis::freeze, redis::thaw);
    }

    private Figure during(String what, Runnable event, Runnable end) throws Exception {
        load(() -> {
        });
        double[] before = load(() -> {
        });
        double[] with = load(event);
        end.run();
        awaitBack();
        double more = percentile(99, with) - percentile(99, before);
        return new Figure("Redis " + what + " under load", "no 5xx, p99 at most 50 ms more",
                text("no 5xx of %d answers, p99 %.1f ms before, %.1f during: %+.1f ms", with.length,
                        percentile(99, before), percentile(99, with), more),
                more <= 50);
    }

    /// Milliseconds of each answer, as the server measures it, `event` happening after a quarter of the time.
    private double[] load(Runnable event) throws InterruptedException {
        long start = System.nanoTime();
        Callable<List<Double>> caller = () -> {
            var millis = new ArrayList<Double>();
            while (System.nanoTime() - start < WINDOW.toNanos()) {
                millis.add(millisOfOne());
            }
            return millis;
        };
        Callable<List<Double>> eventually = () -> {
            Thread.sleep(WINDOW.dividedBy(4));
            event.run();
            return List.of();
        };
        List<Callable<List<Double>>> all = new ArrayList<>(Collections.nCopies(CALLERS, caller));
        all.add(eventually);
        return Gather.all(all).stream().flatMap(List::stream).mapToDouble(Double::doubleValue).toArray();
    }

    private double millisOfOne() throws Exception {
        int n = number.incrementAndGet();
        HttpResponse<String> answer = server.ask(switch (n % 3) {
            case 0 -> "/users/search?q=ada&limit=" + (1 + n % 1_000);
            case 1 -> "/users/" + user + "/profile";
            default -> "/users/" + (1 + n % 200) + "/profile";
        });
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
        return 1e3 * Double.parseDouble(answer.headers().firstValue("X-Process-Time").orElseThrow());
    }

    private void awaitBack() throws Exception {
        for (int tries = 0; server.get("/metrics").contains("\nredis_away 1.0"); tries++) {
            if (tries == 500) {
                throw new IllegalStateException("Redis does not come back");
            }
            Thread.sleep(20);
        }
    }
}
