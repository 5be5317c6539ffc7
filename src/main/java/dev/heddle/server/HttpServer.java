package dev.heddle.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.heddle.answers.Mark;
import dev.heddle.answers.Problem;
import dev.heddle.answers.Statuses;
import dev.heddle.answers.Terms;
import dev.heddle.gates.StallWatch;
import dev.heddle.json.Json;
import dev.heddle.origins.Cors;
import dev.heddle.settings.CannotStart;
import dev.heddle.web.Route;
import dev.heddle.wire.Patience;
import dev.heddle.wire.StrictSelector;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;

/// The server that listens: Helidon, one virtual thread a connection, with every bound set that it leaves open.
public final class HttpServer implements AutoCloseable {
    private static final int MOST_PROLOGUE_BYTES = 4 * 1024;
    private static final int MOST_HEADER_BYTES = 16 * 1024;

    private static final String HEADERS_TOO_LARGE = "Header size exceeded";

    private final WebServer server;
    private final StallWatch stalls;
    private final CountDownLatch stopping;
    private final String host;

    private HttpServer(WebServer server, Exchange.Shared shared) {
        this.server = server;
        this.stalls = shared.terms().patience().watch();
        this.stopping = shared.terms().stopping();
        this.host = shared.settings().host();
    }

    /// Starts to answer `routes` to those callers that `admission` lets in.
    ///
    /// @throws CannotStart if the address cannot be listened on
    public static HttpServer start(ServerSettings settings, List<Route> routes, ExchangeListener listener,
            Admission admission) {
        WebServerConfig.Builder configuration = configuration(settings);
        var stalls = new StallWatch();
        var terms = new Terms(new Patience(stalls, settings.stall()), settings.answers(), new CountDownLatch(1));
        var shared = new Exchange.Shared(new RouteTable(routes), new RequestReader(settings), settings, terms, listener,
                admission, new Cors(settings.cors()));
        WebServer server = configuration
                .routing(
                        HttpRouting.builder().any((request, response) -> new Exchange(shared, request, response).run()))
                .build();
        try {
            listen(server, settings);
        } catch (CannotStart e) {
            stalls.close();
            throw e;
        }
        return new HttpServer(server, shared);
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    /// Where callers find the server, such as `http://127.0.0.1:8080`.
    public String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /// Stops listening, ends streams of events, and waits for what is in flight as long as the settings grant. What is
    /// answered meanwhile ends its connection.
    @Override
    public void close() {
        stopping.countDown();
        server.stop();
        stalls.close();
    }

    private static void listen(WebServer server, ServerSettings settings) {
        try {
            server.start();
        } catch (RuntimeException e) {
            throw cannotListen(settings, e);
        }
        // Helidon 4.1.7 may report a failed bind by nothing but a log line.
        if (!server.isRunning()) {
            throw cannotListen(settings, new IllegalStateException("not running"));
        }
    }

    private static WebServerConfig.Builder configuration(ServerSettings settings) {
        return WebServer.builder()
                .host(settings.host())
                .address(address(settings.host()))
                .port(settings.port())
                .shutdownHook(false)
                .shutdownGracePeriod(settings.grace())
                .maxTcpConnections(settings.maxConnections())
                .maxPayloadSize(-1)
                .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
                .directHandlers(directHandlers())
                .protocolsDiscoverServices(false)
                .addConnectionSelector(new StrictSelector(http1()));
    }

    /// `Framing` validates headers, so that what is wrong with them is answered as everything else is.
    private static Http1Config http1() {
        return Http1Config.builder()
                .maxPrologueLength(MOST_PROLOGUE_BYTES)
                .maxHeadersSize(MOST_HEADER_BYTES)
                .validateRequestHeaders(false)
                .sendLog(false)
                .receiveLog(false)
                .build();
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CannotStart("the setting 'server.host' names no address: '" + host + "'", e);
        }
    }

    private static CannotStart cannotListen(ServerSettings settings, RuntimeException cause) {
        return new CannotStart("cannot listen on " + settings.host() + " port " + settings.port()
                + ": another program uses it, or it is not allowed (setting 'server.port')", cause);
    }

    /// What Helidon answers before a request reaches our routes: requests that cannot be read at all.
    private static DirectHandlers directHandlers() {
        var builder = DirectHandlers.builder();
        for (EventType type : EventType.values()) {
            builder.addHandler(type,
                    (request, event, status, headers, message) -> unreadable(request, status(status, message)));
        }
        return builder.build();
    }

    /// Helidon's own word for headers that are too large is 400; RFC 6585 section 5 has a better one.
    private static Status status(Status given, String message) {
        return HEADERS_TOO_LARGE.equals(message) ? Statuses.HEADERS_TOO_LARGE : given;
    }

    /// Nothing of Helidon's message is told: it quotes what arrived.
    private static TransportResponse unreadable(TransportRequest request, Status status) {
        boolean isOurs = status.code() == Status.INTERNAL_SERVER_ERROR_500.code();
        Problem problem = isOurs ? Problem.bug() : Problem.of(status, "the request cannot be read as HTTP/1.1");
        Mark mark = Mark.of(request.headers());
        var headers = ServerResponseHeaders.create();
        mark.write(headers);
        return TransportResponse.builder().status(status).headers(headers)
                .header(HeaderValues.CONNECTION_CLOSE)
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .entity(Json.write(problem.body("", mark.requestId())))
                .keepAlive(false).build();
    }
}
