package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.server.TestServer;
import dev.heddle.web.Route;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What could be read as two different requests is refused, and nothing that a refused request holds is executed.
class FramingTest {
    private static final String HEAD = "POST /hits HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    private static final String SMUGGLED = "POST /hits HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 2\r\n\r\n{}";

    private final AtomicInteger hits = new AtomicInteger();
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(
                Route.post("/hits", "Count.").takesPatch(Object.class).gives(Integer.class)
                        .handledBy(_ -> hits.incrementAndGet()),
                Route.get("/hits", "How many.").gives(Integer.class).handledBy(_ -> hits.get()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "Content-Length: 2\r\nContent-Length: 2\r\n",
            "Content-Length: 2\r\nContent-Length: 3\r\n",
            "Content-Length: 0\r\nContent-Length: 2\r\n",
            "Content-Length: 2, 2\r\n",
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
            "Content-Length: +2\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 0x2\r\n",
            "Content-Length: 2 2\r\n",
            "Content-Length:\r\n",
            "Content-Length: 9223372036854775808\r\n",
            "Content-Length: 99999999999999999999999999\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: x-chunked\r\n",
            "Transfer-Encoding: chunked;q=1\r\n",
            "Transfer-Encoding:\r\n",
            "Transfer-Encoding:\u000bchunked\r\n",
            "Transfer-Encoding : chunked\r\n",
            "Content-Length : 2\r\n",
            " Content-Length: 2\r\n",
            "X: a\r\n b: c\r\nContent-Length: 2\r\n",
            "X: a\r\n continued\r\nContent-Length: 2\r\n",
            "no colon\r\nContent-Length: 2\r\n",
            ": no name\r\nContent-Length: 2\r\n",
            "X: a\nContent-Length: 2\r\n",
            "X: a\rContent-Length: 2\r\n",
            "X: \u0000\r\nContent-Length: 2\r\n",
            "X: \u0001\r\nContent-Length: 2\r\n",
            "X(Y): a\r\nContent-Length: 2\r\n",
            "Host: a\r\nContent-Length: 2\r\n",
            "Host: b\r\nContent-Length: 2\r\n"})
    void unclearHeadersAreRefusedAndCloseTheConnection(String headers) {
        refused(HEAD + headers + "\r\n{}" + SMUGGLED, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"CHUNKED", "Chunked"})
    void chunkedInOtherLettersIsRefusedBecauseHelidonWouldRunTheBodyAsARequest(String chunked) {
        refused(HEAD + "Transfer-Encoding: " + chunked + "\r\n\r\n" + SMUGGLED, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Host:\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: a@b\r\n", "Host: a,b\r\n"})
    void aRequestNamesOneHost(String host) {
        refused("GET /hits HTTP/1.1\r\n" + host + "\r\n" + SMUGGLED, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "z\r\n{}\r\n0\r\n\r\n",
            "-2\r\n{}\r\n0\r\n\r\n",
            "+2\r\n{}\r\n0\r\n\r\n",
            "0x2\r\n{}\r\n0\r\n\r\n",
            " 2\r\n{}\r\n0\r\n\r\n",
            "2 \r\n{}\r\n0\r\n\r\n",
            "\r\n{}\r\n0\r\n\r\n",
            "2;a=b\r\n{}\r\n0\r\n\r\n",
            "2\n{}\r\n0\r\n\r\n",
            "2\r\n{}0\r\n\r\n",
            "2\r\n{}XX0\r\n\r\n",
            "1\r\n{}\r\n0\r\n\r\n",
            "10000000000000002\r\n{}\r\n0\r\n\r\n",
            "2\r\n{}\r\n0\r\nX: trailer\r\n\r\n",
            "2\r\n{}\r\n0\r\nXX"})
    void brokenChunksAreRefusedAndCloseTheConnection(String chunks) {
        refused(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks + SMUGGLED, 400);
    }

    @Test
    void twoBytesAfterAChunkThatAreNotItsEndAreRefusedThoughHelidonWouldSkipThem() {
        refused(HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}ab0\r\n\r\n" + SMUGGLED, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 3\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n"})
    void aCutBodyIsRefused(String rest) {
        try (RawHttp connection = server.connect()) {
            connection.send(HEAD + rest).finish().answer().expectProblem(400);

            assertTrue(connection.isClosed());
        }
        assertEquals(0, hits.get());
    }

    @Test
    void aHeadThatEndsEarlyIsNotAnswered500() {
        try (RawHttp connection = server.connect()) {
            assertTrue(connection.send("GET /hits HTTP/1.1\r\nHost: a\r\nX: ").finish().isClosed());
        }
        servesTheNext();
    }

    @Test
    void chunksOfEverySizeAreRead() {
        String name = "\"" + "x".repeat(70_000) + "\"";
        try (TestServer texts = TestServer.start(Route.post("/length", "Length.").takesStream("text/plain")
                .gives(Integer.class).handledBy(request -> request.content().readAllBytes().length));
                RawHttp connection = texts.connect()) {
            String head = "POST /length HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n";
            String body = "1\r\n\"\r\n" + "00011170\r\n" + name.substring(1, 70_001) + "\r\n" + "1\r\n\"\r\n"
                    + "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n";

            assertEquals("70022", connection.send(head + body).answer().expect(200).text());
            assertEquals("70022", connection.send(head + body).answer().expect(200).text());
        }
    }

    @Test
    void requestsMayFollowOneAnotherWithoutWaiting() {
        try (RawHttp connection = server.connect()) {
            connection.send(SMUGGLED + "GET /hits HTTP/1.1\r\nHost: a\r\n\r\n" + SMUGGLED);

            assertEquals("1", connection.answer().expect(200).text());
            assertEquals("1", connection.answer().expect(200).text());
            assertEquals("2", connection.answer().expect(200).text());
        }
    }

    @Test
    void whatStandsInARefusedBodyIsNeverARequest() {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n"
                    + SMUGGLED).answer().expectProblem(404);
            connection.send("POST /hits HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
                    + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED).answer().expectProblem(415);

            assertEquals("0", connection.send("GET /hits HTTP/1.1\r\nHost: a\r\n\r\n").answer().expect(200).text());
        }
    }

    @Test
    void aBodyOfAGetIsNeverARequest() {
        try (RawHttp connection = server.connect()) {
            connection.send("GET /hits HTTP/1.1\r\nHost: a\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n"
                    + SMUGGLED).answer().expect(200);

            assertEquals("0", connection.send("GET /hits HTTP/1.1\r\nHost: a\r\n\r\n").answer().expect(200).text());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"close", "Close", "close, te", "TE, close"})
    void connectionCloseIsHonouredThoughHelidonWouldReadOn(String value) {
        try (RawHttp connection = server.connect()) {
            RawHttp.Answer answer = connection.send("GET /hits HTTP/1.1\r\nHost: a\r\nConnection: " + value
                    + "\r\n\r\n" + SMUGGLED).answer().expect(200);

            assertEquals("close", answer.header("connection").orElseThrow());
            assertTrue(connection.isClosed());
        }
        assertEquals(0, hits.get());
    }

    @Test
    void anAcceptedBodyIsAskedFor() {
        try (RawHttp connection = server.connect()) {
            connection.send(HEAD + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");

            assertEquals("HTTP/1.1 100 Continue", connection.line());
            assertEquals("", connection.line());
            assertEquals("1", connection.send("{}").answer().expect(200).text());
            connection.send(SMUGGLED).answer().expect(200);
        }
    }

    @Test
    void aRefusedBodyIsNotAskedFor() {
        try (RawHttp connection = server.connect()) {
            connection.send("POST /hits HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n"
                    + "Content-Length: 2\r\n\r\n");

            assertTrue(connection.line().startsWith("HTTP/1.1 415 "));
        }
        refused("POST /hits HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nExpect: 100-continue\r\n"
                + "Content-Length: 2\r\n\r\n", 415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"strange", "100-continue, strange", "100-Continue"})
    void aStrangeExpectationIsRefused(String expectation) {
        server.ask(HEAD + "Expect: " + expectation + "\r\nContent-Length: 2\r\n\r\n{}").expectProblem(417);

        assertEquals(0, hits.get());
    }

    private void refused(String bytes, int status) {
        try (RawHttp connection = server.connect()) {
            RawHttp.Answer answer = connection.send(bytes).answer().expectProblem(status);

            assertTrue(connection.isClosed());
            assertFalse(answer.text().contains("xception"), answer::text);
        }
        assertEquals(0, hits.get());
        servesTheNext();
    }

    private void servesTheNext() {
        server.ask("GET /hits HTTP/1.1\r\nHost: a\r\n\r\n").expect(200);
    }
}
