package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

import dev.heddle.gates.Unavailable;
import dev.heddle.web.MediaType;
import dev.heddle.web.Reply;
import dev.heddle.web.Reply.Content;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Contents of a known length: ranges and conditions (RFC 9110 sections 13 and 14).
class ContentTest {
    private static final byte[] ALPHABET = "abcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static TestServer server;

    @BeforeAll
    static void start() {
        var content = new Content("text/x-letters", "tag-1", 26, ContentTest::letters);
        var empty = new Content("text/x-letters", "tag-2", 0, ContentTest::letters);
        var away = new Content("text/x-letters", "tag-3", 26, (_, _, _) -> {
            throw new Unavailable("the letters are away", Duration.ofSeconds(1));
        });
        var torn = new Content("text/x-letters", "tag-4", 100_000, (_, _, out) -> {
            out.write(new byte[50_000]);
            throw new IllegalStateException("torn");
        });
        server = TestServer.start(
                Route.get("/letters", "Letters.").givesContent("text/x-letters").handledBy(_ -> Reply.content(content)),
                Route.get("/empty", "None.").givesContent("text/x-letters").handledBy(_ -> Reply.content(empty)),
                Route.get("/away", "None now.").givesContent("text/x-letters").handledBy(_ -> Reply.content(away)),
                Route.get("/torn", "Half.").givesContent("text/x-letters").handledBy(_ -> Reply.content(torn)),
                Route.get("/other", "No content.").givesStream(MediaType.NDJSON).handledBy(_ -> ALPHABET));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theWholeSaysHowLongItIsAndThatRangesAreGiven() {
        RawHttp.Answer answer = ask("/letters", "").expect(200);

        assertArrayEquals(ALPHABET, answer.body());
        assertEquals("26", answer.headers().get("content-length"));
        assertEquals("bytes", answer.headers().get("accept-ranges"));
        assertEquals("\"tag-1\"", answer.headers().get("etag"));
        assertEquals("text/x-letters", answer.headers().get("content-type"));
        assertEquals(Optional.empty(), answer.header("content-range"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bytes=0-0                        | a                          | 0-0
            bytes=0-25                       | abcdefghijklmnopqrstuvwxyz | 0-25
            bytes=0-26                       | abcdefghijklmnopqrstuvwxyz | 0-25
            bytes=1-3                        | bcd                        | 1-3
            bytes=25-                        | z                          | 25-25
            bytes=0-                         | abcdefghijklmnopqrstuvwxyz | 0-25
            bytes=-1                         | z                          | 25-25
            bytes=-26                        | abcdefghijklmnopqrstuvwxyz | 0-25
            bytes=-27                        | abcdefghijklmnopqrstuvwxyz | 0-25
            bytes=-99999999999999999999      | abcdefghijklmnopqrstuvwxyz | 0-25
            bytes=24-99999999999999999999999 | yz                         | 24-25
            bytes=0000000000000000000000024- | yz                         | 24-25
            BYTES=2-2                        | c                          | 2-2
            bytes= 2-2 ,                     | c                          | 2-2
            """)
    void oneRangeIsGivenAlone(String range, String letters, String place) {
        RawHttp.Answer answer = ask("/letters", "Range: " + range + "\r\n").expect(206);

        assertEquals(letters, answer.text());
        assertEquals("bytes " + place + "/26", answer.headers().get("content-range"));
        assertEquals(String.valueOf(letters.length()), answer.headers().get("content-length"));
        assertEquals("\"tag-1\"", answer.headers().get("etag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=26-", "bytes=26-30", "bytes=99999999999999999999-", "bytes=-0"})
    void aRangeBehindTheEndIsRefusedAndTheEndIsTold(String range) {
        RawHttp.Answer answer = ask("/letters", "Range: " + range + "\r\n").expectProblem(416);

        assertEquals("bytes */26", answer.headers().get("content-range"));
    }

    @Test
    void nothingHasNoRange() {
        assertEquals("", ask("/empty", "").expect(200).text());
        assertEquals("bytes */0", ask("/empty", "Range: bytes=0-\r\n").expectProblem(416).headers()
                .get("content-range"));
        ask("/empty", "Range: bytes=-1\r\n").expectProblem(416);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=0-1,3-4", "bytes=0-1, 30-40", "bytes=3-2", "bytes=", "bytes=-", "bytes=a-b",
            "bytes=1", "bytes=1-2-3", "bytes=--1", "bytes=+1-2", "bytes=1 - 2", "bytes 1-2", "lines=1-2", "1-2",
            "bytes=0x1-2", "bytes=\u0661-"})
    void whatIsNotOneRangeIsIgnored(String range) {
        assertEquals(26, ask("/letters", "Range: " + range + "\r\n").expect(200).body().length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "tag-1"                       | 206
            "tag-2"                       | 200
            W/"tag-1"                     | 200
            tag-1                         | 200
            *                             | 200
            Sat, 21 Nov 2026 14:00:00 GMT | 200
            """)
    void aRangeOfAnotherVersionIsNotMixedIn(String ifRange, int status) {
        ask("/letters", "Range: bytes=0-1\r\nIf-Range: " + ifRange + "\r\n").expect(status);
    }

    @Test
    void whatTheCallerHasIsNotSentAgain() {
        RawHttp.Answer answer = ask("/letters", "Range: bytes=90-\r\nIf-None-Match: \"x\", W/\"tag-1\"\r\n")
                .expect(304);

        assertEquals("\"tag-1\"", answer.headers().get("etag"));
        ask("/letters", "If-None-Match: \"tag-2\"\r\n").expect(200);
        ask("/letters", "If-None-Match: \"tag-2\"\r\nRange: bytes=0-0\r\n").expect(206);
    }

    @Test
    void aHeadIsToldOfTheWholeWhateverTheRange() {
        try (RawHttp connection = server.connect()) {
            connection.send("HEAD /letters HTTP/1.1\r\nHost: a\r\nRange: bytes=90-\r\n\r\n");
            RawHttp.Answer head = connection.answerToHead().expect(200);

            assertEquals("26", head.headers().get("content-length"));
            assertEquals("bytes", head.headers().get("accept-ranges"));
            connection.send("GET /letters HTTP/1.1\r\nHost: a\r\nRange: bytes=1-1\r\n\r\n");
            assertEquals("b", connection.answer().expect(206).text());
        }
    }

    @Test
    void aContentThatCannotBeReadIsAProblemOfItsOwnLength() {
        RawHttp.Answer answer = ask("/away", "Range: bytes=0-1\r\n").expectProblem(503);

        assertEquals(Optional.empty(), answer.header("content-range"));
    }

    @Test
    void aContentThatEndsEarlyEndsTheConnection() {
        try (RawHttp connection = server.connect()) {
            connection.send("GET /torn HTTP/1.1\r\nHost: a\r\n\r\n");
            String all = String.join("\n", connection.linesToTheEnd());

            assertTrue(all.contains("100000"), all.substring(0, 200));
            assertTrue(all.length() < 60_000, () -> String.valueOf(all.length()));
        }
    }

    @Test
    void otherAnswersHaveNoRanges() {
        ask("/other", "Range: bytes=0-1\r\n").expect(200);
    }

    private static void letters(long from, long length, OutputStream out) throws IOException {
        out.write(Arrays.copyOfRange(ALPHABET, (int) from, (int) (from + length)));
    }

    private static RawHttp.Answer ask(String path, String headers) {
        return server.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
    }
}
