package dev.heddle.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

import dev.heddle.json.Json;
import dev.heddle.settings.CannotStart;
import dev.heddle.web.Route;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
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

    private final WebServer server;
    private final String host;

    private HttpServer(WebServer server, String host) {
        this.server = server;
        this.host = host;
    }

    /// Starts to answer `routes` to those callers that `admission` lets in.
    ///
    /// @throws CannotStart if the address cannot be listened on
    public static HttpServer start(ServerSettings settings, List<Route> routes, ExchangeListener listener,
            Admission admission) {
        var shared = new Exchange.Shared(new RouteTable(routes), new RequestReader(settings), settings, listener,
                admission);
        WebServer server = configuration(settings)
                .routing(
                        HttpRouting.builder().any((request, response) -> new Exchange(shared, request, response).run()))
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            throw cannotListen(settings, e);
        }
        // Helidon 4.1.7 may report a failed bind by nothing but a log line.
        if (!server.isRunning()) {
            throw cannotListen(settings, new IllegalStateException("not running"));
        }
        return new HttpServer(server, settings.host());
    }

    /// The port that is listened on.
    public int port() {
        return server.port();
    }

    /// Where callers find the server, such as `http://127.0.0.1:8080`.
    public String address() {
        return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port();
    }

    /// Stops listening, and waits for what is in flight as long as the settings grant.
    @Override
    public void close() {
        server.stop();
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
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(MOST_PROLOGUE_BYTES)
                        .maxHeadersSize(MOST_HEADER_BYTES)
                        .sendLog(false)
                        .receiveLog(false)
                        .build());
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new CannotStart("app.yaml: the setting 'server.host' names no address: '" + host + "'", e);
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
            builder.addHandler(type, (request, event, status, headers, message) -> problem(status, headers));
        }
        return builder.build();
    }

    private static DirectHandler.TransportResponse problem(Status given, ServerResponseHeaders headers) {
        boolean isOurs = given.code() == Status.INTERNAL_SERVER_ERROR_500.code();
        Problem problem = isOurs ? Problem.bug() : Problem.of(given, "the request cannot be read as HTTP/1.1");
        headers.set(HeaderValues.CONNECTION_CLOSE);
        return DirectHandler.TransportResponse.builder().status(given).headers(headers)
                .header(HeaderNames.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .entity(Json.write(problem.body("", "")))
                .keepAlive(false).build();
    }
}
