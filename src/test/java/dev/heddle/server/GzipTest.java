package dev.heddle.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;

import dev.heddle.answers.AnswerSettings;
import dev.heddle.events.Event;
import dev.heddle.events.EventReader;
import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.Reply;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class GzipTest {
    /// As JSON it has this many bytes and fifteen.
    record Text(String text) {}

    private static final Text LONG = new Text("a long text ".repeat(20_000));
    private static final Semaphore TURNS = new Semaphore(0);
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                Route.get("/value", "v").gives(Text.class).handledBy(_ -> LONG),
                Route.get("/least", "v").gives(Text.class).handledBy(_ -> new Text("x".repeat(1_000 - 11))),
                Route.get("/short", "v").gives(Text.class).handledBy(_ -> new Text("x".repeat(999 - 11))),
                Route.get("/version", "v").gives(Text.class).handledBy(_ -> Reply.of(LONG).version(7)),
                Route.get("/part", "v").gives(Text.class)
                        .handledBy(_ -> Reply.of(LONG).with("Content-Range", "bytes 0-9/100")),
                Route.get("/image", "v").givesStream("image/png").handledBy(_ -> new byte[50_000]),
                Route.get("/svg", "v").givesStream("image/svg+xml; charset=utf-8").handledBy(_ -> new byte[50_000]),
                Route.get("/stream", "v").givesStream("text/plain").handledBy(_ -> Reply.stream(out -> {
                    for (int i = 0; i < 5_000; i++) {
                        out.write(("line " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    }
                })),
                Route.get("/short-stream", "v").givesStream("text/plain")
                        .handledBy(_ -> Reply.stream(out -> out.write('x'))),
                Route.get("/fails", "v").gives(Text.class).handledBy(_ -> {
                    throw Failure.notFound("n".repeat(2_000));
                }),
                Route.get("/events", "v").events((_, events) -> {
                    for (int i = 0; i < 3; i++) {
                        events.send(Event.data("event " + i));
                        TURNS.acquire();
                    }
                }));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /value        | gzip                  | gzip | Accept-Encoding
            /value        | gzip;q=0              |      | Accept-Encoding
            /value        | identity              |      | Accept-Encoding
            /value        | br                    |      | Accept-Encoding
            /value        | *                     | gzip | Accept-Encoding
            /value        | -                     |      | Accept-Encoding
            /least        | gzip                  | gzip | Accept-Encoding
            /short        | gzip                  |      |
            /short        | gzip, identity;q=0    | gzip | Accept-Encoding
            /version      | gzip                  |      |
            /part         | gzip                  |      |
            /image        | gzip                  |      |
            /svg          | gzip                  | gzip | Accept-Encoding
            /stream       | gzip                  | gzip | Accept-Encoding
            /stream       | -                     |      | Accept-Encoding
            /short-stream | gzip                  |      |
            """)
    void whatIsCompressedForWhomIsSaidAndCanBeReadBack(String path, String accepted, String coding, String vary)
            throws IOException {
        RawHttp.Answer plain = ask("GET", path, "-").expect(200);
        RawHttp.Answer answer = ask("GET", path, accepted).expect(200);

        assertEquals(Optional.ofNullable(coding), answer.header("content-encoding"));
        assertEquals(Optional.ofNullable(vary), answer.header("vary"));
        assertArrayEquals(plain.body(), coding == null ? answer.body() : inflated(answer.body()));
        assertTrue(coding == null || path.equals("/short") || answer.body().length < plain.body().length);
    }

    @ParameterizedTest
    @CsvSource({"/value, gzip", "/value, identity", "/short, gzip", "/version, gzip", "/svg, gzip"})
    void headSaysWhatGetWould(String path, String accepted) {
        RawHttp.Answer get = ask("GET", path, accepted).expect(200);
        RawHttp.Answer head = ask("HEAD", path, accepted).expect(200);

        for (String name : new String[]{"content-encoding", "vary", "content-length", "content-type", "etag"}) {
            assertEquals(get.header(name), head.header(name), name);
        }
    }

    @Test
    void headOfAStreamSaysHowItIsCoded() {
        assertEquals("gzip", ask("HEAD", "/stream", "gzip").header("content-encoding").orElseThrow());
    }

    @Test
    void aLongProblemIsCompressedToo() throws IOException {
        RawHttp.Answer answer = ask("GET", "/fails", "gzip").expect(404);

        assertEquals("gzip", answer.header("content-encoding").orElseThrow());
        assertTrue(new String(inflated(answer.body()), StandardCharsets.UTF_8).contains("nnnn"));
    }

    @Test
    void eachEventArrivesThoughItIsCompressed() throws Exception {
        try (RawHttp raw = server.connect(); var pipe = new PipedOutputStream()) {
            raw.send("GET /events HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");
            assertEquals("gzip", raw.answerToHead().expect(200).header("content-encoding").orElseThrow());
            InputStream chunks = new PipedInputStream(pipe, 1 << 16);
            Thread copying = Thread.ofVirtual().start(() -> copyChunks(raw, pipe));
            var reader = new EventReader(unhurried(new GZIPInputStream(chunks)));

            for (int i = 0; i < 3; i++) {
                assertEquals("event " + i, reader.next().orElseThrow().data());
                TURNS.release();
            }
            assertEquals(Optional.empty(), reader.next());
            assertTrue(copying.join(Duration.ofSeconds(10)));
        }
    }

    @Test
    void nothingIsCompressedWhereTheSettingsSayNo() {
        try (TestServer plain = TestServer.start(
                TestServer.settings(Duration.ofSeconds(1), new AnswerSettings(Duration.ofSeconds(1), false)),
                Route.get("/value", "v").gives(Text.class).handledBy(_ -> LONG))) {
            RawHttp.Answer answer = plain.ask("GET /value HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n");

            assertEquals(Optional.empty(), answer.header("content-encoding"));
            assertEquals(Optional.empty(), answer.header("vary"));
            assertArrayEquals(Json.write(LONG), answer.body());
        }
    }

    @Test
    void aCallerWhoLeavesACompressedStreamIsNoticed() throws Exception {
        try (TestServer other = TestServer.start(Route.get("/endless", "v").givesStream("text/plain")
                .handledBy(_ -> Reply.stream(out -> {
                    while (true) {
                        out.write(Json.write(Math.random()));
                    }
                })))) {
            try (RawHttp raw = other.connect()) {
                raw.send("GET /endless HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\n\r\n").answerToHead()
                        .expect(200);
            }

            assertEquals(200, other.told().poll(30, SECONDS).status());
        }
    }

    private static RawHttp.Answer ask(String method, String path, String accepted) {
        String header = accepted.equals("-") ? "" : "Accept-Encoding: " + accepted + "\r\n";
        try (RawHttp raw = server.connect()) {
            raw.send(method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
            return method.equals("HEAD") ? raw.answerToHead() : raw.answer();
        }
    }

    private static byte[] inflated(byte[] bytes) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        }
    }

    /// A reader of text would read on otherwise, because an inflater always says that there may be more.
    private static InputStream unhurried(InputStream inflating) {
        return new FilterInputStream(inflating) {
            @Override
            public int available() {
                return 0;
            }
        };
    }

    private static void copyChunks(RawHttp raw, PipedOutputStream pipe) {
        try (pipe) {
            for (byte[] chunk = raw.chunkBytes(); chunk.length > 0; chunk = raw.chunkBytes()) {
                pipe.write(chunk);
                pipe.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
