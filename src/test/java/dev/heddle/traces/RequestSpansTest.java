package dev.heddle.traces;

import static io.opentelemetry.api.trace.StatusCode.ERROR;
import static io.opentelemetry.api.trace.StatusCode.UNSET;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import dev.heddle.gates.Unavailable;
import dev.heddle.server.TestServer;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The span of each request, in the words of OpenTelemetry's semantic conventions.
@Timeout(20)
class RequestSpansTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + SPAN + "-01";

    private static final BlockingQueue<String> IDS = new LinkedBlockingQueue<>();
    private static final Spans SPANS = new Spans();
    private static final TestServer SERVER = TestServer.start(SPANS.tracing().requests(),
            Route.get("/users/{id}", "A user.").with(Parameter.id("id", "Whose.")).gives(Integer.class)
                    .handledBy(_ -> {
                        Traces.id().ifPresent(IDS::add);
                        return 1;
                    }),
            Route.get("/bug", "A mistake of ours.").gives(Integer.class).handledBy(_ -> {
                throw new IllegalStateException("secret");
            }),
            Route.get("/error", "A worse one.").gives(Integer.class).handledBy(_ -> {
                throw new StackOverflowError();
            }),
            Route.get("/cut", "An answer that breaks off.").givesStream("text/plain")
                    .handledBy(_ -> Reply.stream(out -> {
                        out.write(new byte[100_000]);
                        out.flush();
                        throw new IOException("gone");
                    })),
            Route.get("/full", "Busy.").gives(Integer.class).handledBy(_ -> {
                throw new Unavailable("it is full", Duration.ofSeconds(1));
            }));

    @AfterEach
    void forget() {
        SPANS.clear();
        IDS.clear();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        SPANS.tracing().close();
    }

    @Test
    void saysWhatWasAskedAndAnswered() {
        ask("GET /users/7?q=secret").expect(200);

        SpanData span = only();
        assertEquals("GET /users/{id}", span.getName());
        assertEquals(SpanKind.SERVER, span.getKind());
        assertEquals(UNSET, span.getStatus().getStatusCode());
        assertFalse(span.getParentSpanContext().isValid());
        assertEquals(Map.of("http.request.method", "GET", "http.route", "/users/{id}", "url.path", "/users/7",
                "url.scheme", "http", "http.response.status_code", "200", "heddle.request_id", "mine"),
                attributes(span));
        assertEquals(span.getTraceId(), IDS.poll());
        assertEquals("heddle", span.getResource().getAttributes().asMap().entrySet().stream()
                .filter(entry -> entry.getKey().getKey().equals("service.name")).findFirst().orElseThrow().getValue());
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            GET /users/0,    GET /users/{id}, 422
            GET /nowhere,    GET,             404
            DELETE /users/7, DELETE,          405
            OPTIONS /bug,    OPTIONS,         204
            """)
    void whatTheCallerGotWrongIsNoErrorOfOurs(String line, String name, int status) {
        ask(line).expect(status);

        SpanData span = only();
        assertEquals(name, span.getName());
        assertEquals(String.valueOf(status), attributes(span).get("http.response.status_code"));
        assertEquals(UNSET, span.getStatus().getStatusCode());
        assertFalse(attributes(span).containsKey("error.type"));
        assertEquals(name.contains("{id}"), attributes(span).containsKey("http.route"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            GET /bug,   GET /bug,  500
            GET /full,  GET /full, 503
            BREW /bug,  HTTP,      501
            """)
    void whatIsOurFaultIsAnError(String line, String name, int status) {
        ask(line).expectProblem(status);

        SpanData span = only();
        assertEquals(name, span.getName());
        assertEquals(ERROR, span.getStatus().getStatusCode());
        assertEquals(String.valueOf(status), attributes(span).get("error.type"));
        assertFalse(span.toString().contains("secret"));
        assertEquals(line.startsWith("BREW") ? "_OTHER" : "GET", attributes(span).get("http.request.method"));
    }

    @ParameterizedTest
    @CsvSource({"/error, 500, java.lang.StackOverflowError", "/cut, 200, java.io.IOException"})
    void aRequestWithoutAWholeAnswerIsAnError(String path, String status, String type) {
        try (RawHttp connection = SERVER.connect()) {
            connection.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").finish().linesToTheEnd();
        }

        SpanData span = only();
        assertEquals("GET " + path, span.getName());
        assertEquals(ERROR, span.getStatus().getStatusCode());
        assertEquals(type, attributes(span).get("error.type"));
        assertEquals(status, attributes(span).get("http.response.status_code"));
    }

    @Test
    void requestsOfOneConnectionAreTracesOfTheirOwn() {
        try (RawHttp connection = SERVER.connect()) {
            connection.send("GET /users/1 HTTP/1.1\r\nHost: a\r\n\r\n").answer().expect(200);
            connection.send("HEAD /users/2 HTTP/1.1\r\nHost: a\r\n\r\n").answerToHead().expect(200);
        }

        assertEquals(List.of(" > GET /users/{id}", " > HEAD /users/{id}"), SPANS.edges(2));
        assertNotEquals(SPANS.one("GET /users/{id}").getTraceId(), SPANS.one("HEAD /users/{id}").getTraceId());
    }

    @ParameterizedTest
    @ValueSource(strings = {SAMPLED, "cc-" + TRACE + "-" + SPAN + "-01-what-the-future-will-be"})
    void theTraceOfTheCallerGoesOn(String traceparent) {
        ask("GET /users/7", "traceparent: " + traceparent, "tracestate: congo=t61rcWkgMzE", "tracestate: rojo=00f0")
                .expect(200);

        SpanData span = only();
        assertEquals(TRACE, span.getTraceId());
        assertEquals(SPAN, span.getParentSpanId());
        assertTrue(span.getParentSpanContext().isRemote());
        assertEquals(Map.of("congo", "t61rcWkgMzE", "rojo", "00f0"), span.getSpanContext().getTraceState().asMap());
        assertEquals(TRACE, IDS.poll());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-" + TRACE + "-" + SPAN, SAMPLED + "-more",
            "ff-" + TRACE + "-" + SPAN + "-01",
            "00-00000000000000000000000000000000-" + SPAN + "-01", "00-" + TRACE + "-0000000000000000-01",
            "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01", "00-" + TRACE + "-" + SPAN + "-0g",
            "00-" + TRACE + "x-" + SPAN + "-01", SAMPLED + "\r\ntraceparent: " + SAMPLED})
    void aTraceparentThatIsNoneIsIgnored(String traceparent) {
        ask("GET /users/7", "traceparent: " + traceparent, "tracestate: congo=t61rcWkgMzE").expect(200);

        SpanData span = only();
        assertFalse(span.getParentSpanContext().isValid());
        assertNotEquals(TRACE, span.getTraceId());
        assertTrue(span.getSpanContext().getTraceState().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"=", "a=b=c,,=", "é=1", "UPPER=1"})
    void aTracestateThatIsNoneLeavesTheTrace(String tracestate) {
        ask("GET /users/7", "traceparent: " + SAMPLED, "tracestate: " + tracestate).expect(200);

        assertEquals(TRACE, only().getTraceId());
    }

    @Test
    void aTraceThatTheCallerDoesNotSampleIsNotRecorded() {
        ask("GET /users/7", "traceparent: 00-" + TRACE + "-" + SPAN + "-00").expect(200);
        ask("GET /bug").expect(500);

        assertEquals("GET /bug", only().getName());
        assertEquals(TRACE, IDS.poll());
    }

    private SpanData only() {
        return SPANS.all(1).getFirst();
    }

    private static Map<String, String> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(toMap(entry -> entry.getKey().getKey(), entry -> String.valueOf(entry.getValue())));
    }

    private RawHttp.Answer ask(String line, String... headers) {
        String all = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return SERVER.ask(line + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n" + all + "\r\n");
    }
}
