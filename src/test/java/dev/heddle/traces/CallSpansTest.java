package dev.heddle.traces;

import static dev.heddle.upstream.FakeUpstream.json;
import static dev.heddle.upstream.FakeUpstream.status;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.heddle.TestApp;
import dev.heddle.upstream.FakeUpstream;
import dev.heddle.upstream.FakeUpstream.Heard;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// The spans of requests that gather calls to an upstream, through the whole server, on either kind of thread.
@Timeout(60)
@ParameterizedClass
@ValueSource(strings = {"virtual", "platform"})
class CallSpansTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SPAN = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + SPAN + "-01";
    private static final String LIMITED = "limited";
    private static FakeUpstream github;
    private static Spans spans;
    private static TestApp app;

    @Parameter
    String threads;

    @BeforeParameterizedClassInvocation
    static void start(String threads) {
        github = FakeUpstream.doing(json("{}"));
        spans = new Spans();
        app = TestApp.start(Map.of("HEDDLE_THREADS_KIND", threads, "HEDDLE_UPSTREAM_GITHUB_URL", github.address()),
                spans.tracing());
        spans.one("GET /openapi.json");
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        app.close();
        github.close();
    }

    @BeforeEach
    void forget() {
        github.turn(json("{}"));
        github.heard().clear();
        spans.clear();
    }

    @Test
    void eachCallIsASpanBelowTheGatheredCallThatMadeIt() {
        app.get("/concurrent-fetch").expect(200);

        assertEquals(List.of(" > GET /concurrent-fetch", "GET /concurrent-fetch > github 0",
                "GET /concurrent-fetch > github 1", "GET /concurrent-fetch > github 2", "github 0 > GET github",
                "github 1 > GET github", "github 2 > GET github"), spans.edges(7));
        assertToldOfTheirCalls(Map.of("github 0", "python", "github 1", "google", "github 2", "microsoft"));
    }

    @Test
    void thePicturesOfUsersAreSpansBelowTheirRequest() {
        List<Long> ids = List.of(app.createUser("ada"), app.createUser("bob"));
        spans.all(2);
        spans.clear();

        app.get("/users?include=github").expect(200);

        assertEquals(List.of(" > GET /users", "GET /users > avatars 0", "GET /users > avatars 1",
                "avatars 0 > GET github", "avatars 1 > GET github"), spans.edges(5));
        assertToldOfTheirCalls(Map.of("avatars 0", "ada", "avatars 1", "bob"));
        ids.forEach(id -> app.delete("/users/" + id).expect(204));
        spans.all(7);
    }

    @Test
    void aHundredCallsAFewAtATimeAreAHundredSpans() {
        app.get("/concurrent-with-limit").expect(200);

        List<String> edges = spans.edges(201);
        for (int i = 0; i < 100; i++) {
            assertTrue(edges.contains("GET /concurrent-with-limit > " + LIMITED + " " + i), "turn " + i);
            assertTrue(edges.contains(LIMITED + " " + i + " > GET external"), "call " + i);
        }
    }

    @Test
    void whatIsGatheredWithinAGatheredCallIsBelowIt() {
        app.get("/overview").expect(200);

        assertEquals(List.of(" > GET /overview", "GET /overview > overview 0", "GET /overview > overview 1",
                "github 0 > GET github", "github 1 > GET github", "overview 1 > github 0", "overview 1 > github 1"),
                spans.edges(7));
    }

    @Test
    void saysWhatWasAskedAndAnswered() {
        app.get("/github/octocat").expect(200);

        SpanData call = spans.one("GET github");
        URI address = URI.create(github.address());
        assertEquals(SpanKind.CLIENT, call.getKind());
        assertEquals(StatusCode.UNSET, call.getStatus().getStatusCode());
        assertEquals(Map.of("http.request.method", "GET", "url.full", address + "/users/octocat", "server.address",
                address.getHost(), "server.port", (long) address.getPort(), "http.response.status_code", 200L),
                attributes(call));
    }

    @Test
    void thatThereIsNoneIsNoError() {
        github.turn(status("404 Not Found", ""));

        app.get("/github/nobody").expect(404);

        assertEquals(404L, attributes(spans.one("GET github")).get("http.response.status_code"));
        spans.one("GET /github/{username}");
        assertEquals(Set.of(), spans.failed());
    }

    @Test
    void eachAttemptIsASpan() {
        github.turn((number, socket) -> (attempts() < 2 ? status("503 Full", "") : json("{}")).answer(number, socket));

        app.get("/github/octocat").expect(200);

        List<SpanData> attempts = spans.all(3).stream().filter(span -> span.getKind() == SpanKind.CLIENT).toList();
        assertEquals(List.of("503", "none"), attempts.stream()
                .map(span -> attributes(span).getOrDefault("error.type", "none")).toList());
        assertEquals(List.of(0L, 1L), attempts.stream()
                .map(span -> attributes(span).getOrDefault("http.request.resend_count", 0L)).toList());
        assertEquals(1, attempts.stream().map(SpanData::getParentSpanId).distinct().count());
        assertEquals("answers 503", attempts.getFirst().getStatus().getDescription());
    }

    @Test
    void whatFailsIsMarkedFromTheCallUpToTheRequest() {
        github.turn(status("500 No", ""));

        app.get("/merge").expect(200);
        app.get("/fetch-data").expect(502);

        assertEquals(Set.of("GET github: 500", "merge 0: dev.heddle.web.Failure", "GET /fetch-data: 502"),
                spans.all(9).isEmpty() ? Set.of() : spans.failed());
    }

    @Test
    void theTraceOfTheCallerReachesTheUpstream() {
        app.ask("GET", "/fetch-data").header("traceparent", TRACEPARENT).header("tracestate", "congo=t61rcWkgMzE")
                .send()
                .expect(200);

        SpanData call = spans.one("GET github");
        Heard heard = github.heard().remove();
        assertEquals(TRACE, call.getTraceId());
        assertEquals(traceparent(call), heard.headers().get("traceparent"));
        assertEquals("congo=t61rcWkgMzE", heard.headers().get("tracestate"));
        assertEquals(SPAN, spans.one("GET /fetch-data").getParentSpanId());
    }

    @Test
    void aSilentServerPassesOnWhatItsCallerTellsAndNothingOfItsOwn() {
        try (TestApp silent = TestApp.start(Map.of("HEDDLE_THREADS_KIND", threads, "HEDDLE_UPSTREAM_GITHUB_URL",
                github.address()))) {
            silent.ask("GET", "/concurrent-fetch").header("traceparent", TRACEPARENT).send().expect(200);
            assertEquals(List.of(TRACEPARENT, TRACEPARENT, TRACEPARENT),
                    github.heard().stream().map(heard -> heard.headers().get("traceparent")).toList());

            github.heard().clear();
            silent.get("/fetch-data").expect(200);
            assertFalse(github.heard().remove().headers().containsKey("traceparent"));
        }
    }

    /// Each call of `logins`, by the gathered call that made it, was told to the upstream as its own span.
    private static void assertToldOfTheirCalls(Map<String, String> logins) {
        List<SpanData> all = spans.all(1 + 2 * logins.size());
        Map<String, Heard> heard = github.heard().stream().collect(toMap(Heard::line, Function.identity()));
        logins.forEach((gathered, login) -> {
            SpanData parent = spans.one(gathered);
            SpanData call = all.stream().filter(span -> span.getParentSpanId().equals(parent.getSpanId())).findFirst()
                    .orElseThrow();
            assertEquals(github.address() + "/users/" + login, attributes(call).get("url.full"));
            assertEquals(traceparent(call),
                    heard.get("GET /users/" + login + " HTTP/1.1").headers().get("traceparent"));
        });
    }

    private static String traceparent(SpanData span) {
        return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getSpanContext().getTraceFlags().asHex();
    }

    private static int attempts() {
        return github.heard().size();
    }

    private static Map<String, Object> attributes(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
    }
}
