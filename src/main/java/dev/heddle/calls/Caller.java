package dev.heddle.calls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

import dev.heddle.calls.CallFailed.Reason;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.common.uri.UriInfo;
import io.helidon.common.uri.UriPath;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.http.encoding.ContentEncodingContext;
import io.helidon.webclient.api.ClientUri;
import io.helidon.webclient.api.HttpClientRequest;
import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.WebClient;
import io.helidon.webclient.http1.Http1Client;

/// Asks an upstream one question over HTTP/1.1, once; follows no redirect, takes no compressed answer. Thread-safe.
public final class Caller implements AutoCloseable {
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);
    private static final Duration USUAL_RETRY_AFTER = Duration.ofSeconds(10);

    /// What came back; the body only if the status is 200.
    public record Answer(int status, Duration retryAfter, byte[] body) {}

    private final ClientUri base;
    private final String basePath;
    private final int mostBytes;
    private final WebClient client;
    private final Connections connections;

    /// Calls go below `address`. An answer has at most `mostBytes`; at most `keptAlive` connections are kept for later.
    public Caller(URI address, int mostBytes, int keptAlive) {
        this.base = ClientUri.create(address);
        this.basePath = address.getRawPath().replaceAll("/+$", "");
        this.mostBytes = mostBytes;
        this.client = WebClient.builder().followRedirects(false).shareConnectionCache(false)
                .servicesDiscoverServices(false)
                .contentEncoding(ContentEncodingContext.builder().contentEncodingsDiscoverServices(false).build())
                .proxy(Proxy.noProxy()).build();
        this.connections = new Connections(base, client.prototype().tls(), keptAlive);
    }

    /// The answer to GET for `path`, which begins with a slash and is escaped, with these `headers`; their names come from
    /// the code.
    ///
    /// A connection that was kept may have been closed by the other side meanwhile; then nobody has read the question, and
    /// it is put once more on a new one (RFC 9112 section 9.3.1).
    ///
    /// @throws CallFailed     if the upstream cannot be reached, breaks off, or answers too much or no HTTP
    /// @throws DeadlinePassed if the current [Deadline] passes first
    public Answer get(String path, Map<String, String> headers) throws InterruptedException {
        Connection kept = connections.take();
        try {
            return ask(kept, path, headers);
        } catch (CallFailed failed) {
            if (!kept.isStale()) {
                throw failed;
            }
            return ask(connections.open(), path, headers);
        }
    }

    public int kept() {
        return connections.kept();
    }

    @Override
    public void close() {
        connections.close();
    }

    private Answer ask(Connection connection, String path, Map<String, String> headers) throws InterruptedException {
        connection.begin(mostBytes);
        try (var _ = connection; HttpClientResponse response = request(connection, path, headers)) {
            int status = response.status().code();
            return new Answer(status, retryAfter(response),
                    status == Status.OK_200.code() ? body(response) : new byte[0]);
        } catch (IOException | RuntimeException e) {
            throw translated(e);
        }
    }

    private HttpClientResponse request(Connection connection, String path, Map<String, String> headers) {
        HttpClientRequest request = client.get().protocolId(Http1Client.PROTOCOL_ID).connection(connection)
                .uri(at(path)).accept(MediaTypes.APPLICATION_JSON);
        headers.forEach((name, value) -> request.header(HeaderNames.create(name), value));
        return request.request();
    }

    /// A path that is given to ClientUri as text would be escaped a second time.
    private ClientUri at(String path) {
        return ClientUri.create(UriInfo.builder(base).path(UriPath.create(basePath + path)).build());
    }

    /// The stream is not closed, because that would read what is left of the body first, however long that takes.
    private byte[] body(HttpClientResponse response) throws IOException {
        // One more than is said or allowed, so as to see the end; and not the whole of what is allowed, because Helidon makes
        // a buffer, or two, for as much as is asked for at once.
        long said = response.headers().contentLength().orElse(mostBytes);
        byte[] body = response.inputStream().readNBytes((int) Math.min(said, mostBytes) + 1);
        if (body.length > mostBytes) {
            throw Connection.tooMuch(mostBytes);
        }
        return body;
    }

    /// In whole seconds, as everybody says it, though a date is allowed as well (RFC 9110 section 10.2.3).
    private static Duration retryAfter(HttpClientResponse response) {
        return response.headers().first(HeaderNames.RETRY_AFTER).filter(text -> text.matches("[0-9]{1,4}"))
                .map(text -> Duration.ofSeconds(Math.clamp(Long.parseLong(text), 1, LONGEST_RETRY_AFTER.toSeconds())))
                .orElse(USUAL_RETRY_AFTER);
    }

    /// An interrupt closes the socket that a virtual thread waits for, and shows as an exception of the socket. Helidon
    /// throws any kind of RuntimeException for bytes that are no HTTP.
    private static RuntimeException translated(Exception e) throws InterruptedException {
        if (Thread.interrupted()) {
            throw (InterruptedException) new InterruptedException("interrupted while calling").initCause(e);
        }
        return switch (e) {
            case CallFailed failed -> failed;
            // Then it is the deadline that has closed the socket.
            case Exception any when Deadline.current().isPassed() -> new DeadlinePassed(any);
            case IOException io -> new CallFailed(Reason.CUT, "breaks off", io);
            case UncheckedIOException io -> new CallFailed(Reason.CUT, "breaks off", io);
            case InsufficientDataAvailableException cut -> new CallFailed(Reason.CUT, "breaks off", cut);
            default -> new CallFailed(Reason.GARBAGE, "answers what is no HTTP", e);
        };
    }
}
