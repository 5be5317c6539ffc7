package dev.heddle.server;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

import dev.heddle.json.Json;
import dev.heddle.web.Reply;
import dev.heddle.web.Route.Result;
import dev.heddle.web.Route.Result.Meaning;
import dev.heddle.wire.AnswerStream;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.jspecify.annotations.Nullable;

/// Writes the answer to one request: a value as one array of bytes (which Helidon sends in one packet), a stream piece
/// by piece, a problem, or nothing. Every answer says which request it is for and how long it took.
final class AnswerWriter {
    static final HeaderName TIMEOUT = HeaderNames.create("X-Timeout-Ms");
    static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName PROCESS_TIME = HeaderNames.create("X-Process-Time");
    private static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    private static final Header PROBLEM = HeaderValues.createCached("Content-Type", Problem.MEDIA_TYPE);
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");

    private final ServerRequest request;
    private final ServerResponse response;
    private final String requestId;
    private final long startNanos;
    private @Nullable AnswerStream stream;

    AnswerWriter(ServerRequest request, ServerResponse response, String requestId, long startNanos) {
        this.request = request;
        this.response = response;
        this.requestId = requestId;
        this.startNanos = startNanos;
    }

    /// Writes what a handler returned, as its route declares it.
    void write(Result result, @Nullable Object returned) throws IOException {
        Reply reply = returned instanceof Reply already ? already : Reply.of(returned == null ? "" : returned);
        reply.headers().forEach(this::tell);
        if (isNotModified(reply)) {
            empty(Status.NOT_MODIFIED_304);
            return;
        }
        Status status = Statuses.of(result.meaning());
        if (result.meaning() == Meaning.NOTHING) {
            empty(status);
        } else {
            content(status, result, reply.value());
        }
    }

    void write(Problem problem) {
        problem.headers().forEach(this::tell);
        bytes(problem.status(), PROBLEM, Json.write(problem.body(request.path().rawPath(), requestId)));
    }

    /// Says which methods the path knows, and nothing else.
    void writeAllowed(Set<String> methods) {
        allow(methods);
        empty(Status.NO_CONTENT_204);
    }

    /// Puts a header into the answer, in place of one of that name that was told before.
    void tell(String name, String value) {
        response.header(HeaderNames.create(name), value);
    }

    void allow(Set<String> methods) {
        response.header(HeaderNames.ALLOW, String.join(", ", methods));
    }

    void close() {
        response.header(HeaderValues.CONNECTION_CLOSE);
    }

    /// Whether bytes of the answer have left, so that nothing else can be said.
    boolean isUnderway() {
        return response.isSent() || stream != null && stream.isUnderway();
    }

    private void content(Status status, Result result, Object value) throws IOException {
        switch (value) {
            case Reply.Stream writer -> stream(status, result.mediaType(), writer);
            case byte[] bytes ->
                bytes(status, HeaderValues.create(HeaderNames.CONTENT_TYPE, result.mediaType()), bytes);
            default -> bytes(status, JSON, Json.write(value));
        }
    }

    private void bytes(Status status, Header type, byte[] bytes) {
        begin(status);
        response.headers().setIfAbsent(type);
        if (isHead()) {
            response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(bytes.length));
            response.send();
        } else {
            response.send(bytes);
        }
    }

    private void stream(Status status, String mediaType, Reply.Stream writer) throws IOException {
        if (isHead()) {
            begin(status);
            response.header(HeaderNames.CONTENT_TYPE, mediaType);
            response.send();
            return;
        }
        stream = new AnswerStream(() -> {
            begin(status);
            response.header(HeaderNames.CONTENT_TYPE, mediaType);
            return response.outputStream();
        });
        writer.writeTo(stream);
        stream.close();
    }

    private void empty(Status status) {
        begin(status);
        response.send();
    }

    private void begin(Status status) {
        response.status(status);
        response.header(REQUEST_ID, requestId);
        response.header(PROCESS_TIME, seconds(System.nanoTime() - startNanos));
        response.header(NO_SNIFFING);
    }

    private boolean isHead() {
        return request.prologue().method() == Method.HEAD;
    }

    /// RFC 9110 section 13.1.2: tags are compared weakly, `*` matches whatever there is.
    private boolean isNotModified(Reply reply) {
        String tag = reply.headers().get("ETag");
        Method method = request.prologue().method();
        if (tag == null || method != Method.GET && method != Method.HEAD) {
            return false;
        }
        Optional<String> wanted = request.headers().first(HeaderNames.IF_NONE_MATCH);
        return wanted.isPresent() && (wanted.get().strip().equals("*")
                || Set.of(wanted.get().replace("W/", "").split("\\s*,\\s*")).contains(tag));
    }

    /// Microseconds are what a clock can tell; written by hand because `String.format` would cost more than a query.
    private static String seconds(long nanos) {
        long micros = nanos / 1_000;
        String fraction = String.valueOf(micros % 1_000_000);
        return micros / 1_000_000 + "." + "000000".substring(fraction.length()) + fraction;
    }
}
