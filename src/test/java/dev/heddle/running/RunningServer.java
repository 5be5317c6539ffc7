package dev.heddle.running;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import dev.heddle.server.Admission;
import dev.heddle.server.HandlerThreads;
import dev.heddle.server.HttpServer;
import dev.heddle.server.ServerSettings;
import dev.heddle.server.ThreadSettings;
import dev.heddle.server.ThreadSettings.Kind;
import dev.heddle.web.Route;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server with `/running` and with routes made for one test, which wait until they are let go.
final class RunningServer implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final ServerSettings SETTINGS = new ServerSettings("127.0.0.1", 0, 2_000, 1_024, 1_024,
            Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofMillis(100));

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
    private final HandlerThreads threads;
    private final HttpServer server;

    private final CountDownLatch gate;

    private RunningServer(Kind kind, CountDownLatch gate, List<Route> routes) {
        this.gate = gate;
        var running = new Running();
        var all = new ArrayList<>(new RunningRoutes(running).routes());
        all.addAll(routes);
        threads = HandlerThreads.start(new ThreadSettings(kind, 1, Duration.ofSeconds(30)), List.of());
        server = HttpServer.start(SETTINGS, threads.moved(all), running, Admission.EVERYBODY);
    }

    /// With routes that wait for `gate`, which closing opens.
    static RunningServer start(CountDownLatch gate, Route... routes) {
        return new RunningServer(Kind.VIRTUAL, gate, List.of(routes));
    }

    /// The same with handlers on one platform thread.
    static RunningServer startOnPlatform(CountDownLatch gate, Route... routes) {
        return new RunningServer(Kind.PLATFORM, gate, List.of(routes));
    }

    /// `latch` is waited for; said in one place, so that frames can name it.
    static String waitFor(CountDownLatch latch) throws InterruptedException {
        latch.await();
        return "let go";
    }

    /// Sends a request whose answer nobody waits for yet.
    void ask(String path) {
        asked.add(client.sendAsync(request(path), BodyHandlers.ofString()));
    }

    /// Opens the gate, waits for the answers to all that was asked, and checks that they are good.
    void letGo() {
        gate.countDown();
        asked.forEach(answer -> assertEquals(200, answer.join().statusCode()));
    }

    JsonNode running() {
        return parsed(get("/running"));
    }

    static JsonNode parsed(String json) {
        return JSON.readTree(json);
    }

    /// What stands at `path`.
    String get(String path) {
        HttpResponse<String> answer = client.sendAsync(request(path), BodyHandlers.ofString()).join();
        assertEquals(200, answer.statusCode(), answer::body);
        return answer.body();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).timeout(Duration.ofSeconds(20)).build();
    }

    @Override
    public void close() {
        letGo();
        client.shutdownNow();
        server.close();
        threads.close();
    }
}
