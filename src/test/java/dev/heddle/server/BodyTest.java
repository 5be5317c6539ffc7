package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.heddle.concurrent.Deadline;
import dev.heddle.web.Failure;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Bodies: their types, their bounds, and how long they and the answers may take.
public class BodyTest {
    private static final int MIB = 1024 * 1024;
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, Parameter.from(1, 1_000), "Most.");

    /// An element of a list.
    @Valid
    public record Thing(@Min(1) int n) {}

    private final CountDownLatch streamEnded = new CountDownLatch(1);
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(TestServer.settings(Duration.ofMillis(800), Duration.ofMillis(300)),
                Route.post("/things", "Make.").with(LIMIT).takesPatch(Object.class).gives(Map.class)
                        .handledBy(_ -> Map.of()),
                Route.post("/lists", "Make many.").takesList(Thing.class, 3).gives(Integer.class)
                        .handledBy(request -> request.bodyList(Thing.class).size()),
                Route.post("/lengths", "Measure.").takesStream("text/plain").gives(Long.class).withoutDeadline()
                        .handledBy(request -> request.content().skip(Long.MAX_VALUE)),
                Route.get("/slow", "Wait for the deadline.").gives(Integer.class).handledBy(_ -> {
                    Thread.sleep(Deadline.current().timeLeft().plusMillis(1));
                    Deadline.current().check();
                    return 1;
                }),
                Route.get("/flood", "Never ends.").givesStream(MediaType.NDJSON).withoutDeadline()
                        .handledBy(_ -> Reply.stream(out -> {
                            try {
                                while (true) {
                                    out.write(new byte[8_192]);
                                }
                            } finally {
                                streamEnded.countDown();
                            }
                        })),
                Route.get("/large", "One large array of bytes.").givesStream(MediaType.NDJSON)
                        .handledBy(_ -> new byte[16 * MIB]),
                Route.get("/conflict", "Fails.").gives(Integer.class).handledBy(_ -> {
                    throw Failure.conflict("not now");
                }));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "application/json; charset=utf-8", "APPLICATION/JSON",
            "application/json;",
            "application/merge-patch+json"})
    void jsonIsTakenByItsNames(String type) {
        post("/things", "Content-Type: " + type + "\r\n", "{}").expect(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Type:\r\n", "Content-Type: text/plain\r\n", "Content-Type: json\r\n",
            "Content-Type: application/jsonx\r\n", "Content-Type: application/json, text/plain\r\n",
            "Content-Type: */*\r\n", "Content-Type: ;application/json\r\n",
            "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
            "Content-Type: application/json\r\nContent-Type: application/json\r\n",
            "Content-Type: application/x-www-form-urlencoded\r\n"})
    void whatIsNotJsonByNameIsRefused(String type) {
        post("/things", type, "{}").expectProblem(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "x", "identity, gzip", "gzip, gzip"})
    void anUnknownCodingIsAWrongTypeThoughHelidonWouldCallItUnreadable(String coding) {
        post("/things", "Content-Type: application/json\r\nContent-Encoding: " + coding + "\r\n", "{}")
                .expectProblem(415);
        post("/things", "Content-Type: application/json\r\nContent-Encoding: identity\r\n", "{}").expect(200);
    }

    @Test
    void aBodyHasABound() {
        String type = "Content-Type: application/json\r\n";
        String most = "{\"a\":\"" + "x".repeat(64 * 1024 - 8) + "\"}";

        post("/things", type, most).expect(200);
        post("/things", type, most + " ").expectProblem(413);
        chunked("/things", type, most).expect(200);
        chunked("/things", type, most + " ").expectProblem(413);
    }

    @Test
    void aListHasABound() {
        post("/lists", "Content-Type: application/json\r\n", "[{\"n\":1},{\"n\":2},{\"n\":3}]").expect(200);
        post("/lists", "Content-Type: application/json\r\n", "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4}]")
                .expectProblem(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10485760\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\na00000\r\n"})
    void theSenderOf10MegabytesCanReadThatTheyAreTooMany(String framing) {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + framing);
            connection.send(new byte[10 * MIB]);
            if (framing.startsWith("T")) {
                connection.send("\r\n0\r\n\r\n");
            }

            connection.answer().expectProblem(413);
            connection.send("GET /conflict HTTP/1.1\r\nHost: a\r\n\r\n").answer().expectProblem(409);
        }
    }

    @Test
    void aChunkOf2GibibytesTakesNoMemoryThoughHelidonWouldHoldItWhole() {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /lengths HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n");
            System.gc();
            long before = usedBytes();
            for (int i = 0; i < 200; i++) {
                connection.send(new byte[MIB]);
            }
            System.gc();

            assertTrue(usedBytes() - before < 100L * MIB, "holds what it should hand on");
        }
    }

    @Test
    void mistakesInQueryHeaderAndBodyAreNamedTogether() {
        RawHttp.Answer answer = post("/things?limit=0", "Content-Type: application/json\r\nX-Timeout-Ms: 0\r\n", "[]")
                .expectProblem(422);

        List<String> places = answer.json().get("errors").valueStream()
                .map(error -> error.get("loc").get(0).asString()).sorted().toList();
        assertEquals(List.of("body", "header", "query"), places);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "120001", "1.5", "+1", "abc", "", "9223372036854775808", "1, 1"})
    void aTimeOutOfBoundsIsRefused(String millis) {
        get("/conflict", "X-Timeout-Ms: " + millis + "\r\n").expectProblem(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000", "120000", "01000"})
    void aTimeWithinBoundsIsTaken(String millis) {
        get("/conflict", "X-Timeout-Ms: " + millis + "\r\n").expectProblem(409);
    }

    @Test
    void workThatIsNotDoneByTheDeadlineIsGivenUp() {
        long start = System.nanoTime();
        get("/slow", "X-Timeout-Ms: 50\r\n").expectProblem(504);
        assertTrue(System.nanoTime() - start < Duration.ofMillis(600).toNanos());

        get("/slow", "").expectProblem(504);
        get("/slow", "X-Timeout-Ms: 120000\r\n").expectProblem(504);
    }

    @Test
    void aBodyThatStopsArrivingEndsItsConnection() {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /lengths HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: 100\r\n\r\nx");

            assertTrue(connection.isClosed());
        }
        try (RawHttp connection = server.connect()) {
            connection.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx");

            assertTrue(connection.isClosed());
        }
        get("/conflict", "").expectProblem(409);
    }

    @Test
    void aBodyThatTricklesIsGivenUpAtTheDeadline() throws InterruptedException {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /things HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 1000\r\n\r\n");
            Thread sender = Thread.startVirtualThread(() -> trickle(connection));

            assertEquals(504, server.told().poll(5, TimeUnit.SECONDS).status());
            sender.interrupt();
        }
    }

    @Test
    void aReaderThatStopsReadingEndsTheStream() throws InterruptedException {
        try (RawHttp connection = server.connect()) {
            connection.send("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n");

            assertTrue(streamEnded.await(5, TimeUnit.SECONDS));
        }
        get("/conflict", "").expectProblem(409);
    }

    @Test
    void aReaderThatStopsReadingEndsALargeAnswer() throws InterruptedException {
        try (RawHttp connection = server.connect()) {
            connection.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");

            assertEquals("/large", server.told().poll(5, TimeUnit.SECONDS).route());
        }
    }

    @Test
    void aStreamIsReadWhileItArrives() {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /lengths HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                    + "Content-Length: " + 40 * MIB + "\r\n\r\n");
            for (int i = 0; i < 40; i++) {
                connection.send(new byte[MIB]);
            }

            assertEquals(String.valueOf(40 * MIB), connection.answer().expect(200).text());
        }
    }

    private RawHttp.Answer get(String path, String headers) {
        return server.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    }

    private RawHttp.Answer post(String path, String headers, String body) {
        return server.ask("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body);
    }

    private RawHttp.Answer chunked(String path, String headers, String body) {
        return server.ask("POST " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
    }

    private static void trickle(RawHttp connection) {
        try {
            while (true) {
                connection.send(" ");
                Thread.sleep(50);
            }
        } catch (InterruptedException | UncheckedIOException _) {
            // The server closed, or the test ended.
        }
    }

    private static long usedBytes() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
