package dev.heddle.answers;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

import dev.heddle.events.EventServing;
import dev.heddle.gzip.Fixed;
import dev.heddle.gzip.GzipOutput;
import dev.heddle.json.Json;
import dev.heddle.ranges.ByteRange;
import dev.heddle.web.Reply;
import dev.heddle.web.Reply.Content;
import dev.heddle.web.Route.Result;
import dev.heddle.web.Route.Result.Meaning;
import dev.heddle.wire.Names;
import dev.heddle.wire.Presence;

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
public final class AnswerWriter {
    private static final Header JSON = HeaderValues.createCached("Content-Type", "application/json");
    private static final Header PROBLEM = HeaderValues.createCached("Content-Type", Problem.MEDIA_TYPE);
    private static final Header NO_SNIFFING = HeaderValues.createCached("X-Content-Type-Options", "nosniff");

    /// Events are for one reader, now (WHATWG HTML, section "Server-sent events"); nginx collects answers unless told
    /// not to.
    private static final Header NOT_KEPT = HeaderValues.createCached("Cache-Control", "no-cache");
    private static final Header NOT_HELD_BACK = HeaderValues.createCached("X-Accel-Buffering", "no");

    /// What the socket's buffers take even if the caller reads nothing; only a longer array is watched while it is sent.
    private static final int SMALL_BYTES = 16 * 1024;

    private final ServerRequest request;
    private final ServerResponse response;
    private final Mark mark;
    private final Terms terms;
    private final Coding coding;
    private @Nullable AnswerStream stream;

    public AnswerWriter(ServerRequest request, ServerResponse response, Mark mark, Terms terms) {
        this.request = request;
        this.response = response;
        this.mark = mark;
        this.terms = terms;
        this.coding = new Coding(request, response, terms.settings().isGzipped());
    }

    /// Writes what a handler returned, as its route declares it.
    public void write(Result result, @Nullable Object returned) throws Exception {
        Reply reply = returned instanceof Reply already ? already : Reply.of(returned == null ? "" : returned);
        boolean isNotModified = isNotModified(reply);
        // Looked at before the headers are told, since a range that is refused is answered without them.
        Optional<ByteRange> range = reply.value() instanceof Content content && !isNotModified && !isHead()
                ? ByteRange.asked(this::asked, content)
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

    public void write(Problem problem) throws IOException {
        problem.headers().forEach(this::tell);
        bytes(problem.status(), PROBLEM,
                new Fixed(Json.write(problem.body(request.path().rawPath(), mark.requestId()))));
    }

    /// Says which methods the path knows, and nothing else.
    public void writeAllowed(Set<String> methods) {
        allow(methods);
        writeNothing();
    }

    /// Says what was told by headers, and nothing else.
    public void writeNothing() {
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

    private void content(Status status, Result result, Object value) throws Exception {
        switch (value) {
            case Reply.Stream writer -> stream(status, result.mediaType(), writer);
            case Reply.Events events -> events(status, result.mediaType(), events);
            case byte[] bytes -> bytes(status, type(result), new Fixed(bytes));
            case Fixed fixed -> bytes(status, type(result), fixed);
            default -> bytes(status, JSON, new Fixed(Json.write(value)));
        }
    }

    private static Header type(Result result) {
        return HeaderValues.create(HeaderNames.CONTENT_TYPE, result.mediaType());
    }

    /// Never compressed, since a range counts the bytes as they are. What fails before the first of them leaves is answered as
    /// a failure, without these headers.
    private void content(Content content, Optional<ByteRange> asked) throws IOException {
        ByteRange range = asked.orElse(new ByteRange(0, content.length()));
        Runnable begin = () -> {
            begin(asked.isPresent() ? Status.PARTIAL_CONTENT_206 : Status.OK_200);
            tell("Content-Type", content.mediaType());
            tell("Accept-Ranges", "bytes");
            tell("Content-Length", String.valueOf(range.length()));
            asked.ifPresent(part -> tell("Content-Range", part.of(content.length())));
        };
        if (isHead()) {
            begin.run();
            response.send();
        } else {
            stream = new AnswerStream(_ -> {
                begin.run();
                return new BodyOutput(response);
            }, terms.patience());
            content.reader().copy(range.first(), range.length(), stream);
            stream.close();
        }
    }

    private void bytes(Status status, Header type, Fixed bytes) throws IOException {
        begin(status);
        response.headers().setIfAbsent(type);
        byte[] body = coding.isGzip(bytes.plain().length) ? bytes.compressed() : bytes.plain();
        if (isHead()) {
            response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(body.length));
            response.send();
        } else if (body.length <= SMALL_BYTES) {
            response.send(body);
        } else {
            response.header(HeaderNames.CONTENT_LENGTH, String.valueOf(body.length));
            stream = new AnswerStream(_ -> new BodyOutput(response), terms.patience());
            stream.write(body);
            stream.close();
        }
    }

    private void stream(Status status, String mediaType, Reply.Stream writer) throws IOException {
        if (isHead()) {
            headOfStream(status, mediaType);
        } else {
            AnswerStream out = open(() -> beginStream(status, mediaType));
            try {
                writer.writeTo(out);
                out.close();
            } finally {
                out.release();
            }
        }
    }

    private void events(Status status, String mediaType, Reply.Events events) throws Exception {
        if (isHead()) {
            headOfStream(status, mediaType);
        } else {
            var serving = new EventServing.Terms(terms.settings().heartbeat(), terms.stopping(), Presence::awaitEnd);
            AnswerStream out = open(() -> {
                beginStream(status, mediaType);
                response.header(NOT_KEPT).header(NOT_HELD_BACK);
            });
            try {
                EventServing.serve(out, events::sendTo, serving);
            } finally {
                out.release();
            }
            if (!out.isUnderway()) {
                // No event at all: this status tells browsers not to connect again (WHATWG HTML, server-sent events).
                empty(Status.NO_CONTENT_204);
            }
        }
    }

    private AnswerStream open(Runnable begin) {
        stream = new AnswerStream(bytes -> {
            begin.run();
            boolean isGzip = coding.isGzip(bytes);
            var body = new BodyOutput(response);
            return isGzip ? new GzipOutput(body) : body;
        }, terms.patience());
        return stream;
    }

    private void beginStream(Status status, String mediaType) {
        begin(status);
        response.headers().setIfAbsent(HeaderValues.create(HeaderNames.CONTENT_TYPE, mediaType));
    }

    private void headOfStream(Status status, String mediaType) {
        beginStream(status, mediaType);
        coding.isGzip(AnswerStream.UNKNOWN);
        response.send();
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

    private Optional<String> asked(String name) {
        HeaderName header = HeaderNames.create(name);
        return request.headers().contains(header)
                ? Optional.of(request.headers().get(header).values())
                : Optional.empty();
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
