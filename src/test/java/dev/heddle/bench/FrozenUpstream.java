package dev.heddle.bench;

import static dev.heddle.bench.Figure.median;
import static dev.heddle.bench.Figure.text;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What requests that hang on a frozen upstream do to requests of other kinds.
final class FrozenUpstream {
    private static final int HANGING = 1_000;
    private static final int HANG_MILLIS = 12_000;
    private static final int CONNECTIONS = 8;
    private static final int ROUNDS = 5;
    private static final List<String> OTHERS = List.of("/health/live", "/async?ms=1", "/items/7",
            "/users/search?q=ada", "/heavy?n=1000", "/external-api");

    private final Server server;

    FrozenUpstream(Server server) {
        this.server = server;
    }

    Figure harm() throws Exception {
        p99(2);
        Map<String, List<Double>> without = new LinkedHashMap<>();
        Map<String, List<Double>> with = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            add(without, p99(1));
            List<Socket> hanging = hang();
            add(with, p99(1));
            end(hanging);
        }
        Map<String, Double> ratios = new LinkedHashMap<>();
        OTHERS.forEach(path -> ratios.put(path, median(of(with, path)) / median(of(without, path))));
        double worst = ratios.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        return new Figure("p99 of others while 1,000 requests hang on an upstream", "at most 1.2 ×",
                text("worst %.2f × (medians of %d rounds):%s", worst, ROUNDS,
                        OTHERS.stream()
                                .map(path -> text("%n%100s %.1f ms, %.1f: %.2f ×", path, median(of(without, path)),
                                        median(of(with, path)), ratios.get(path)))
                                .collect(Collectors.joining())),
                worst <= 1.2);
    }

    private static void add(Map<String, List<Double>> to, Map<String, Double> figures) {
        figures.forEach((path, figure) -> to.computeIfAbsent(path, _ -> new ArrayList<>()).add(figure));
    }

    private static double[] of(Map<String, List<Double>> figures, String path) {
        return figures.get(path).stream().mapToDouble(Double::doubleValue).toArray();
    }

    private Map<String, Double> p99(int seconds) throws IOException, InterruptedException {
        var millis = new LinkedHashMap<String, Double>();
        for (String path : OTHERS) {
            millis.put(path, Wrk.run(server.url(path), CONNECTIONS, seconds).p99Millis());
        }
        return millis;
    }

    /// Returns when all of them hang at the upstream.
    private List<Socket> hang() throws IOException, InterruptedException {
        byte[] request = ("GET /github/ada HTTP/1.1\r\nHost: localhost\r\nX-Timeout-Ms: " + HANG_MILLIS + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        List<Socket> hanging = new ArrayList<>();
        for (int i = 0; i < HANGING; i++) {
            var socket = new Socket("127.0.0.1", server.port());
            hanging.add(socket);
            socket.getOutputStream().write(request);
        }
        awaitInFlight(HANGING);
        return hanging;
    }

    /// That they still hung all the time shows in that each gets its 504 only now.
    private void end(List<Socket> hanging) throws IOException, InterruptedException {
        if (inFlight() != HANGING) {
            throw new IllegalStateException("not all hung until the end: " + inFlight());
        }
        for (Socket socket : hanging) {
            try (socket) {
                String status = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
                if (!status.equals("HTTP/1.1 504")) {
                    throw new IllegalStateException(status);
                }
            }
        }
        awaitInFlight(0);
    }

    private void awaitInFlight(int wanted) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (inFlight() != wanted) {
            if (System.nanoTime() - start > 2_000_000L * HANG_MILLIS) {
                throw new IllegalStateException(inFlight() + " in flight, not " + wanted);
            }
            Thread.sleep(20);
        }
    }

    private int inFlight() throws IOException, InterruptedException {
        return server.get("/metrics").lines().filter(line -> line.startsWith("upstream_github_in_flight "))
                .mapToInt(line -> (int) Double.parseDouble(line.split(" ")[1])).findFirst().orElseThrow();
    }
}
