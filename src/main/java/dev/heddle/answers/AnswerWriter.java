package dev.heddle.answers;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.heddle.json.Json;
import dev.heddle.web.Reply;
import dev.heddle.web.Reply.Content;
import dev.heddle.web.Route.Result;
import dev.heddle.web.Route.Result.Meaning;
import dev.heddle.wire.Names;
import dev.heddle.wire.Patience;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.jspecify.annotations.Nullable;

/// Writes the answer to one request: a value as one array of bytes (which Helidon sends in one packet), a stream piece
/// by piece, a problem, or nothing. Every answer says which request it is for and how long it took.
public final class AnswerWriter {
    private static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    private static final Header PROBLEM = HeaderValues.createCached("Content-Type", Problem.MEDIA_TYPE);
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");

    /// What the socket's buffers take even if the caller reads nothing; only a longer array is watched while it is sent.
    private static final int SMALL_BYTES = 16 * 1024;

    private final ServerRequest request;
    private final ServerResponse response;
    private final Mark mark;
    private final Patience patience;
    private @Nullable AnswerStream stream;

    public AnswerWriter(ServerRequest request, ServerResponse response, Mark mark, Patience patience) {
        this.request = request;
        this.response = response;
        this.mark = mark;
        this.patience = patience;
    }

    /// Writes what a handler returned, as its route declares it.
    public void write(Result result, @Nullable Object returned) throws IOException {
        Reply reply = returned instanceof Reply already ? already : Reply.of(returned == null ? "" : returned);
        boolean isNotModified = isNotModified(reply);
        // Looked at before the headers are told, since a range that is refused is answered without them.
        Optional<ByteRange> range = reply.value() instanceof Content content && !isNotModified && !isHead()
                ? ByteRange.asked(request.headers(), content)
                : Optional.empty();
        reply.headers().forEach(this::tell);
        if (isNotModified) {
            empty(Status.NOT_MODIFIED_304);
            return;
        }
        if (reply.value() instanceof Content content) {
            content(content, range);
            return;
        }
        Status status = Statuses.of(result.meaning());
        if (result.meaning() == Meaning.NOTHING) {
            empty(status);
        } else {
            content(status, result, reply.value());
        }
    }

    public void write(Problem problem) {
        problem.headers().forEach(this::tell);
        bytes(problem.status(), PROBLEM, Json.write(problem.body(request.path().rawPath(), mark.requestId())));
    }

    /// Says which methods the path knows, and nothing else.
    public void writeAllowed(Set<String> methods) {
        allow(methods);
        empty(Status.NO_CONTENT_204);
    }

    /// Puts a header into the answer, in place of one of that name that was told before.
    public void tell(String name, String value) {
        response.header(Names.of(name), value);
    }

    public void allow(Set<String> methods) {
        response.header(HeaderNames.ALLOW, String.join(", ", methods));
    }

    public void close() {
        response.header(HeaderValues.CONNECTION_CLOSE);
    }

    /// Whether bytes of the answer have left, so that nothing else can be said.
    public boolean isUnderway() {
        return response.isSent() || stream != null && stream.isUnderway();
    }

    private void content(Status status, Result result, Object value) throws IOException {
        switch (value) {
            case Reply.Stream writer -> stream(status, Map.of("Content-Type", result.mediaType()), writer);
            case byte[] bytes ->
                bytes(status, HeaderValues.create(HeaderNames.CONTENT_TYPE, result.mediaType()), bytes);
            default -> bytes(status, JSON, Json.write(value));
        }
    }

    private void content(Content content, Optional<ByteRange> asked) throws IOException {
        ByteRange range = asked.orElse(new ByteRange(0, content.length()));
        var headers = new HashMap<>(Map.of("Content-Type", content.mediaType(), "Accept-Ranges", "bytes",
                "Content-Length", String.valueOf(range.length())));
        asked.ifPresent(part -> headers.put("Content-Range", part.of(content.length())));
        Status status = asked.isPresent() ? Status.PARTIAL_CONTENT_206 : Status.OK_200;
        stream(status, headers, out -> content.reader().copy(range.first(), range.length(), out));
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

    /// `headers` are told when the first bytes leave: what fails before is answered as a failure, without them.
    private void stream(Status status, Map<String, String> headers, Reply.Stream writer) throws IOException {
        if (isHead()) {
            begin(status);
            headers.forEach(this::tell);
            response.send();
            return;
        }
        stream = new AnswerStream(() -> {
            begin(status);
            headers.forEach(this::tell);
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
}
