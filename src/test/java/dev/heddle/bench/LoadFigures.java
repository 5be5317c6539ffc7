package dev.heddle.bench;

import static dev.heddle.bench.Figure.median;
import static dev.heddle.bench.Figure.text;

import dev.heddle.db.Database;

/// How much a server bears, loaded by wrk, which shares the machine with it.
final class LoadFigures {
    private static final int CONNECTIONS = 64;
    private static final int ROUNDS = 5;

    private final Server server;

    LoadFigures(Server server) {
        this.server = server;
    }

    /// `/fetch-multiple` makes three calls at once to an upstream that takes 100 ms, so that each of 200 connections can get
    /// ten answers a second and no more.
    Figure fanOut() throws Exception {
        int connections = 200;
        int ceiling = connections * 10;
        Wrk.run(server.url("/fetch-multiple"), connections, 10);
        var rates = new double[3];
        var p99 = new double[3];
        for (int round = 0; round < rates.length; round++) {
            Wrk.Result result = Wrk.run(server.url("/fetch-multiple"), connections, 5);
            rates[round] = result.perSecond();
            p99[round] = result.p99Millis();
        }
        return new Figure("3 × 100 ms upstream gathered, 200 connections", "at least 0.97 of 2,000/s",
                text("%.0f/s: %.3f, p99 %.1f ms (medians of 3)", median(rates), median(rates) / ceiling, median(p99)),
                median(rates) >= 0.97 * ceiling);
    }

    /// While the tables are away nothing can be read from them, so what is answered has not asked them.
    Figure cached(Database db, long user) throws Exception {
        String profile = "/users/" + user + "/profile";
        server.get(profile);
        db.update("alter table users rename to users_away");
        try {
            return cached(profile);
        } finally {
            db.update("alter table users_away rename to users");
        }
    }

    private Figure cached(String profile) throws Exception {
        String plain = "/async?ms=0";
        Wrk.run(server.url(profile), CONNECTIONS, 4);
        Wrk.run(server.url(plain), CONNECTIONS, 4);
        var ratios = new double[ROUNDS];
        var rates = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            rates[round] = Wrk.run(server.url(profile), CONNECTIONS, 2).perSecond();
            ratios[round] = rates[round] / Wrk.run(server.url(plain), CONNECTIONS, 2).perSecond();
        }
        return new Figure("a cached read, the table being away", "at least 0.9 of /async?ms=0",
                text("%.0f/s: %.2f (median of %d interleaved rounds)", median(rates), median(ratios), ROUNDS),
                median(ratios) >= 0.9);
    }
}
