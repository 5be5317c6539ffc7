package dev.heddle.server;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

import dev.heddle.json.Json;
import dev.heddle.web.Reply;
import dev.heddle.web.Route.Result;
import dev.heddle.web.Route.Result.Meaning;
import dev.heddle.wire.AnswerStream;
import dev.heddle.wire.Names;
import dev.heddle.wire.Patience;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import org.jspecify.annotations.Nullable;

/// Writes the answer to one request: a value as one array of bytes (which Helidon sends in one packet), a stream piece
/// by piece, a problem, or nothing. Every answer says which request it is for and how long it took.
final class AnswerWriter {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final HeaderName PROCESS_TIME = HeaderNames.create("X-Process-Time");
    private static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    private static final Header PROBLEM = HeaderValues.createCached("Content-Type", Problem.MEDIA_TYPE);
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");

    /// What the socket's buffers take even if the caller reads nothing; only a longer array is watched while it is sent.
    private static final int SMALL_BYTES = 16 * 1024;

    /// What every answer bears: which request it is for, and since when that was at work.
    record Mark(String requestId, long startNanos) {
        private static final int MOST_CHARACTERS = 64;

        /// From now on; the request is called as its caller calls it (`X-Request-Id`), or else by a random number. A name
        /// goes into logs and headers, so it is 1 to 64 letters, digits, dots, dashes and underscores.
        static Mark of(Headers headers) {
            String given = headers.contains(REQUEST_ID) ? headers.get(REQUEST_ID).values() : "";
            String id = isPlain(given) ? given : Long.toHexString(ThreadLocalRandom.current().nextLong());
            return new Mark(id, System.nanoTime());
        }

        void write(ServerResponseHeaders headers) {
            headers.set(REQUEST_ID, requestId);
            headers.set(PROCESS_TIME, seconds(nanos()));
        }

        long nanos() {
            return System.nanoTime() - startNanos;
        }

        private static boolean isPlain(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean isLetterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
                if (!isLetterOrDigit && "._-".indexOf(c) < 0) {
                    return false;
                }
            }
            return !text.isEmpty() && text.length() <= MOST_CHARACTERS;
        }
    }

    private final ServerRequest request;
    private final ServerResponse response;
    private final Mark mark;
    private final Patience patience;
    private @Nullable AnswerStream stream;

    AnswerWriter(ServerRequest request, ServerResponse response, Mark mark, Patience patience) {
        this.request = request;
        this.response = response;
        this.mark = mark;
        this.patience = patience;
    }

    /// Writes what a handler returned, as its route declares it.
    void write(Result result, @Nullable Object returned) throws IOException {
        Reply reply = returned instanceof Reply already ? already : Reply.of(returned == null ? "" : returned);
        reply.headers().forEach((name, value) -> response.header(Names.of(name), value));
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
        problem.headers().forEach((name, value) -> response.header(Names.of(name), value));
        bytes(problem.status(), PROBLEM, Json.write(problem.body(request.path().rawPath(), mark.requestId)));
    }

    /// Says which methods the path knows, and nothing else.
    void writeAllowed(Set<String> methods) {
        allow(methods);
        empty(Status.NO_CONTENT_204);
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
        } else if (bytes.length <= SMALL_BYTES) {
            response.send(bytes);
        } else {
            patience.run(() -> response.send(bytes));
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
        }, patience);
        writer.writeTo(stream);
        stream.close();
    }

    private void empty(Status status) {
        begin(status);
        response.send();
    }

    private void begin(Status status) {
        response.status(status);
        mark.write(response.headers());
        response.header(NO_SNIFFING);
    }

    private boolean isHead() {
        return request.prologue().method() == Method.HEAD;
    }

    private boolean isNotModified(Reply reply) {
        Method method = request.prologue().method();
        return (method == Method.GET || method == Method.HEAD) && request.headers().contains(HeaderNames.IF_NONE_MATCH)
                && reply.isNamedBy(request.headers().get(HeaderNames.IF_NONE_MATCH).values());
    }

    /// Microseconds are what a clock can tell; written by hand because `String.format` would cost more than a query.
    private static String seconds(long nanos) {
        long micros = nanos / 1_000;
        String fraction = String.valueOf(micros % 1_000_000);
        return micros / 1_000_000 + "." + "000000".substring(fraction.length()) + fraction;
    }
}
