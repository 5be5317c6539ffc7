package dev.heddle.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import dev.heddle.answers.AnswerSettings;
import dev.heddle.origins.CorsSettings;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

/// A server with routes made for one test, on a free port, without a database.
public final class TestServer implements AutoCloseable {
    /// What the server told of one request.
    public record Told(String method, String route, int status) {}

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private final HttpServer server;
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();

    private TestServer(ServerSettings settings, List<Route> routes, ExchangeListener listener) {
        server = HttpServer.start(settings, routes, listener.and(new ExchangeListener() {
            @Override
            public void answered(String method, String route, int status, Duration took) {
                told.add(new Told(method, route, status));
            }
        }), Admission.EVERYBODY);
    }

    /// With waits short enough for tests: 5 s of deadline, 300 ms of stall, 200 ms until a request is slow.
    public static TestServer start(Route... routes) {
        return start(settings(Duration.ofSeconds(5), Duration.ofMillis(300)), routes);
    }

    public static TestServer start(ServerSettings settings, Route... routes) {
        return new TestServer(settings, List.of(routes), (_, _, _, _) -> {
        });
    }

    /// Tells `listener` of each request, too.
    public static TestServer start(ExchangeListener listener, Route... routes) {
        return new TestServer(settings(Duration.ofSeconds(5), Duration.ofMillis(300)), List.of(routes), listener);
    }

    public static ServerSettings settings(Duration deadline, Duration stall) {
        return new ServerSettings("127.0.0.1", 0, 1_000, 64 * KIB, 2 * MIB, deadline, Duration.ofMillis(200), stall,
                Duration.ofMillis(100));
    }

    /// As in [#settings], with another manner of answering.
    public static ServerSettings settings(Duration stall, AnswerSettings answers) {
        return new ServerSettings("127.0.0.1", 0, 1_000, 64 * KIB, 2 * MIB, Duration.ofSeconds(5),
                Duration.ofMillis(200),
                stall, Duration.ofSeconds(30), answers, CorsSettings.NONE);
    }

    public int port() {
        return server.port();
    }

    /// What the server tells of each request, in order.
    public BlockingQueue<Told> told() {
        return told;
    }

    /// A new connection to this server.
    public RawHttp connect() {
        return RawHttp.connect(server.port());
    }

    /// Sends `bytes` on a new connection, and reads one answer.
    public RawHttp.Answer ask(String bytes) {
        try (RawHttp connection = connect()) {
            return connection.send(bytes).answer();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
