package dev.heddle.bench;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import dev.heddle.db.TestDatabase;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/// What it costs the others that somebody asks for `/running` each second, while thousands of requests are in flight: the
/// median ratio of stretches of time with and without, one after the other under the same load. It is tight only at full size,
/// on a machine that has nothing else to do: `mvn -Pfull test -Dtest=PollingCostTest`. Beside it stands the same ratio of
/// answers for each second of processor that the server took, which tells the cost even where others use the machine.
@Timeout(900)
class PollingCostTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int IN_FLIGHT = IS_FULL ? 5_000 : 200;
    private static final int ROUNDS = IS_FULL ? 21 : 1;
    private static final int SECONDS = IS_FULL ? 5 : 2;
    private static final double LEAST = IS_FULL ? 0.95 : 0.1;
    private static final int BUSY = 64;

    private final TestDatabase database = TestDatabase.create();
    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final List<Process> loads = new ArrayList<>();
    private final Queue<Long> pollMillis = new ConcurrentLinkedQueue<>();
    private Process server;
    private String address;

    @BeforeEach
    void startServer() throws IOException {
        assumeTrue(Arrays.stream(System.getenv("PATH").split(":")).anyMatch(path -> Files.exists(Path.of(path, "wrk"))),
                "wrk is not installed");
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview", "-Xmx1g", "-cp", System.getProperty("java.class.path"), "dev.heddle.Main")
                .directory(Files.createTempDirectory("heddle-polled").toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(Map.of("HEDDLE_DB_URL", database.jdbcUrl(), "HEDDLE_SERVER_PORT", "0",
                "HEDDLE_SERVER_SLOW_REQUEST", "1h", "HEDDLE_DB_CONNECT_TIMEOUT", "10s"));
        server = builder.start();
        try (BufferedReader output = server.inputReader()) {
            address = output.lines().filter(line -> line.startsWith("Heddle answers on ")).findFirst().orElseThrow()
                    .split(" ")[3];
        }
    }

    @AfterEach
    void stopServer() {
        loads.forEach(load -> load.destroyForcibly().onExit().join());
        clock.shutdownNow();
        client.shutdownNow();
        if (server != null) {
            server.destroyForcibly().onExit().join();
        }
        database.close();
    }

    @Test
    void requestsThatWaitAreAnsweredAsManyInASecond() throws Exception {
        load("/async?ms=1000", IN_FLIGHT);

        assertCostsLittle("/async");
    }

    @Test
    void requestsThatTakeTheWholeMachineAreAnsweredAsManyInASecond() throws Exception {
        load("/async?ms=5000", IN_FLIGHT);
        load("/health/live", BUSY);

        assertCostsLittle("/health/live");
    }

    /// Asks for `path` until the test ends.
    private void load(String path, int connections) throws IOException {
        loads.add(new ProcessBuilder("wrk", "-t2", "-c" + connections, "-d900s", "--timeout", "60s", address + path)
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    }

    private void assertCostsLittle(String route) throws Exception {
        await().atMost(Duration.ofMinutes(2)).until(() -> running() >= IN_FLIGHT * 0.95);
        polled(route);
        var polled = new ArrayList<Stretch>();
        var plain = new ArrayList<Stretch>();
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 2 == 0) {
                plain.add(plain(route));
                polled.add(polled(route));
            } else {
                polled.add(polled(route));
                plain.add(plain(route));
            }
        }
        double[] rates = ratios(polled, plain, Stretch::perSecond);
        double[] perCpu = ratios(polled, plain, Stretch::perCpuSecond);
        System.out.printf("%s, %d in flight: polled / not polled %.3f of the answers a second %s, "
                + "%.3f of those a second of processor %s; not polled %.0f/s; polls took %s ms%n", route, running(),
                median(rates), text(rates), median(perCpu), text(perCpu),
                median(plain.stream().mapToDouble(Stretch::perSecond).toArray()), pollMillis);
        assertTrue(median(rates) >= LEAST, () -> text(rates));
    }

    private static double[] ratios(List<Stretch> polled, List<Stretch> plain, ToDoubleFunction<Stretch> figure) {
        return IntStream.range(0, polled.size())
                .mapToDouble(i -> figure.applyAsDouble(polled.get(i)) / figure.applyAsDouble(plain.get(i))).toArray();
    }

    private static double median(double[] values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private static String text(double[] values) {
        return Arrays.stream(values).mapToObj("%.2f"::formatted).toList().toString();
    }

    private Stretch polled(String route) throws Exception {
        Future<?> poller = clock.scheduleAtFixedRate(this::running, 500, 1_000, TimeUnit.MILLISECONDS);
        try {
            return plain(route);
        } finally {
            poller.cancel(false);
        }
    }

    private Stretch plain(String route) throws Exception {
        Callable<Reading> reading = () -> new Reading(System.nanoTime(), answered(route),
                server.info().totalCpuDuration().orElseThrow());
        Reading before = reading.call();
        Reading after = clock.schedule(reading, SECONDS, TimeUnit.SECONDS).get();
        double answers = after.answers - before.answers;
        assertTrue(answers > 0, "without an answer there is no ratio");
        return new Stretch(answers * 1e9 / (after.nanos - before.nanos),
                answers * 1e3 / after.cpu.minus(before.cpu).toMillis());
    }

    /// How many requests are in flight, as the server says.
    private int running() {
        long start = System.nanoTime();
        int inFlight = new JsonMapper().readTree(get("/running")).get("in_flight").asInt();
        pollMillis.add((System.nanoTime() - start) / 1_000_000);
        return inFlight;
    }

    private double answered(String route) {
        Matcher matcher = Pattern.compile("http_request_seconds_count\\{method=\"GET\",route=\"" + route
                + "\",status=\"200\"} ([0-9.E]+)").matcher(get("/metrics"));
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private String get(String path) {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(address + path)).build(), BodyHandlers.ofString())
                .join().body();
    }

    /// What the server had done at some moment.
    private record Reading(long nanos, double answers, Duration cpu) {}

    /// Answers a second, and for each second that the server took of a processor.
    private record Stretch(double perSecond, double perCpuSecond) {}
}
