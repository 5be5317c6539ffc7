package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.heddle.web.Failure;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every answer has in common.
class AnswerTest {
    private static final Parameter<Long> ID = Parameter.id("id", "Which.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, Parameter.from(1, 1_000), "Most.");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                Route.get("/things/{id}", "Read.").with(ID).gives(Map.class)
                        .handledBy(request -> Reply.of(Map.of("id", request.value(ID))).version(7)),
                Route.delete("/things/{id}", "Delete.").with(ID).handledBy(AnswerTest::delete),
                Route.put("/things/{id}", "Replace.").with(ID, LIMIT).takesPatch(Object.class).gives(Map.class)
                        .handledBy(request -> Map.of("id", request.value(ID))),
                Route.post("/things", "Make.").takesPatch(Object.class).creates(Map.class)
                        .handledBy(_ -> Reply.of(Map.of("id", 1)).at("/things/1")),
                Route.get("/cursor/", "A path that ends in a slash.").gives(Integer.class).handledBy(_ -> 1),
                Route.get("/lines", "A stream.").givesStream(MediaType.NDJSON)
                        .handledBy(_ -> Reply.stream(out -> out.write("{}\n".getBytes(StandardCharsets.UTF_8)))),
                Route.get("/late", "A stream that fails before its first bytes left.").givesStream(MediaType.NDJSON)
                        .handledBy(_ -> Reply.stream(out -> {
                            out.write(1);
                            throw Failure.conflict("not now");
                        })),
                Route.get("/cut", "A stream that fails after its first bytes left.").givesStream(MediaType.NDJSON)
                        .handledBy(_ -> Reply.stream(out -> {
                            out.write(new byte[20_000]);
                            out.flush();
                            throw new IOException("secret");
                        })),
                Route.get("/bug", "A mistake of ours.").gives(Integer.class).handledBy(_ -> {
                    throw new IllegalStateException("secret");
                }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Object delete(Request request) {
        if (!request.ifMatch().matches(7)) {
            throw Failure.of(Failure.Kind.STALE, "changed since");
        }
        return "";
    }

    @Test
    void everyAnswerSaysHowManySecondsItTook() {
        String seconds = ask("GET /things/1").expect(200).header("x-process-time").orElseThrow();

        assertTrue(Double.parseDouble(seconds) < 5, seconds);
        assertTrue(seconds.matches("[0-9]+[.][0-9]{6}"), seconds);
    }

    @Test
    void aGivenRequestIdComesBack() {
        assertEquals("a.B-1_2", ask("GET /things/1", "X-Request-Id: a.B-1_2").header("x-request-id").orElseThrow());
        assertEquals("a.B-1_2", ask("GET /nowhere", "X-Request-Id: a.B-1_2").expectProblem(404)
                .header("x-request-id").orElseThrow());
        String longest = "x".repeat(64);
        assertEquals(longest, ask("GET /things/1", "X-Request-Id: " + longest).header("x-request-id").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"b", "<script>", "a\u00e4", "a=b",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a\r\nX-Request-Id: b"})
    void anOddRequestIdIsReplacedByOneOfOurs(String odd) {
        String id = ask("GET /things/1", "X-Request-Id: " + odd).expect(200).header("x-request-id").orElseThrow();

        assertTrue(id.matches("[0-9a-f]{1,16}"), id);
        assertNotEquals(id, ask("GET /things/1").header("x-request-id").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/things/1", "/nowhere", "/bug", "/things/0"})
    void headIsGetWithoutABody(String path) {
        RawHttp.Answer get = ask("GET " + path, "X-Request-Id: 1");
        try (RawHttp connection = server.connect()) {
            RawHttp.Answer head = connection.send("HEAD " + path + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: 1\r\n\r\n")
                    .answerToHead();

            assertEquals(get.status(), head.status());
            assertEquals(lasting(get), lasting(head));
            connection.send("GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\n").answer().expect(200);
        }
    }

    @Test
    void aMethodThatAPathDoesNotKnowIsRefusedWithThoseThatItKnows() {
        assertEquals("DELETE, GET, HEAD, OPTIONS, PUT",
                ask("PATCH /things/1").expectProblem(405).header("allow").orElseThrow());
        assertEquals("OPTIONS, POST", ask("GET /things").expectProblem(405).header("allow").orElseThrow());
        ask("TRACE /things/1").expectProblem(405);
        ask("CONNECT /things/1").expectProblem(405);
    }

    @Test
    void optionsSaysWhatAPathKnows() {
        RawHttp.Answer answer = ask("OPTIONS /things/1").expect(204);

        assertEquals("DELETE, GET, HEAD, OPTIONS, PUT", answer.header("allow").orElseThrow());
        ask("OPTIONS /nowhere").expectProblem(404);
    }

    @ParameterizedTest
    @CsvSource({"/things/1/,200", "/things/1//,404", "/cursor/,200", "/cursor,404", "/,404"})
    void aTrailingSlashIsIgnored(String path, int status) {
        assertEquals(status, ask("GET " + path).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "*", "W/\"7\"", "\"1\", \"7\"", "\"1\",W/\"7\" ", " * "})
    void whatTheCallerHasIsNotSentAgain(String tag) {
        RawHttp.Answer answer = ask("GET /things/1", "If-None-Match: " + tag).expect(304);

        assertEquals("\"7\"", answer.header("etag").orElseThrow());
        assertEquals(0, answer.body().length);
    }

    @Test
    void tagsInTwoHeadersAreOneList() {
        ask("GET /things/1", "If-None-Match: \"1\"", "If-None-Match: \"7\"").expect(304);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"8\"", "7", "\"7", "", "garbage", "\"77\"", "w/\"7\"", ","})
    void whatTheCallerHasNotIsSent(String tag) {
        ask("GET /things/1", "If-None-Match: " + tag).expect(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "\"7\"|204", "*|204", "\"1\", \"7\"|204", "\"8\"|412", "W/\"7\"|412", "7|412", "garbage|412", "\"\"|412",
            "\"07\"|204", "\"99999999999999999999\"|412", "~~|412"})
    void aWriteHoldsOnlyForTheVersionsThatTheCallerNames(String tag, int status) {
        assertEquals(status, ask("DELETE /things/1", "If-Match: " + tag).status());
    }

    @Test
    void versionsInTwoHeadersAreOneList() {
        ask("DELETE /things/1", "If-Match: \"1\"", "If-Match: \"7\"").expect(204);
    }

    @Test
    void whatWasMadeSaysWhereItIs() {
        RawHttp.Answer answer = ask("POST /things", "Content-Type: application/json", "Content-Length: 2\r\n\r\n{}");

        assertEquals("/things/1", answer.expect(201).header("location").orElseThrow());
    }

    @Test
    void headOfAStreamDoesNotRunIt() {
        try (RawHttp connection = server.connect()) {
            assertEquals("application/x-ndjson", connection.send("HEAD /cut HTTP/1.1\r\nHost: a\r\n\r\n").answerToHead()
                    .expect(200).header("content-type").orElseThrow());

            connection.send("GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\n").answer().expect(200);
        }
    }

    @Test
    void anAnswerWithoutContentBearsAContentLengthBecauseHelidonAddsOne() {
        assertEquals("0", ask("DELETE /things/1").expect(204).header("content-length").orElseThrow());
    }

    @Test
    void aMistakeOfOursTellsNothing() {
        RawHttp.Answer answer = ask("GET /bug").expectProblem(500);

        assertFalse(answer.text().contains("secret"));
        assertFalse(answer.text().contains("Exception"));
    }

    @Test
    void aStreamThatFailsBeforeItsFirstBytesIsAProblem() {
        ask("GET /late").expectProblem(409);
    }

    @Test
    void aStreamThatFailsAfterItsFirstBytesIsCut() {
        try (RawHttp connection = server.connect()) {
            connection.send("GET /cut HTTP/1.1\r\nHost: a\r\n\r\n");
            List<String> lines = connection.linesToTheEnd();

            assertTrue(lines.getFirst().startsWith("HTTP/1.1 200 "));
            assertFalse(lines.contains("0"), "a last chunk says that all is well");
        }
    }

    @Test
    void theListenerIsToldOfEach() throws InterruptedException {
        try (TestServer one = TestServer.start(
                Route.get("/things/{id}", "Read.").with(ID).gives(Integer.class).handledBy(_ -> 1))) {
            one.ask("GET /things/1 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(new TestServer.Told("GET", "/things/{id}", 200), one.told().take());

            one.ask("GET /things/0 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(new TestServer.Told("GET", "/things/{id}", 422), one.told().take());

            one.ask("BREW /nowhere HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals(new TestServer.Told("other", "unknown", 501), one.told().take());
        }
    }

    private static RawHttp.Answer ask(String start, String... headers) {
        return server.ask(start + " HTTP/1.1\r\nHost: a\r\n" + String.join("\r\n", headers)
                + (List.of(headers).isEmpty() ? "\r\n" : "\r\n\r\n"));
    }

    private static Map<String, String> lasting(RawHttp.Answer answer) {
        var headers = new HashMap<>(answer.headers());
        headers.keySet().removeAll(List.of("date", "x-process-time"));
        return headers;
    }

    /// Helidon alone leaves the last chunk out then, so that the caller must take the answer for cut.
    @Test
    void aStreamIsWholeAlsoWhereItEndsItsConnection() {
        Route lines = Route.get("/lines", "Some.").givesStream("text/plain").handledBy(_ -> Reply.stream(out -> {
            for (int i = 0; i < 3; i++) {
                out.write(new byte[10_000]);
                out.flush();
            }
        }));
        try (TestServer server = TestServer.start(lines); RawHttp raw = server.connect()) {
            raw.send("GET /lines HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

            assertEquals(30_000, raw.answer().expect(200).body().length);
            assertTrue(raw.isClosed());
        }
    }
}
