package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GzipBodyTest {
    private static final int CAP = 64 * 1024;
    private static final int MIB = 1024 * 1024;

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                Route.post("/things", "t").takesPatch(Object.class).gives(Map.class)
                        .handledBy(request -> request.body(Object.class)),
                Route.post("/lengths", "t").takesStream("application/json").gives(Long.class).withoutDeadline()
                        .handledBy(request -> request.content().transferTo(OutputStream.nullOutputStream())));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "GZIP", "x-gzip", " gzip "})
    void aCompressedBodyIsReadAsWhatItHolds(String coding) throws IOException {
        assertEquals("{\"a\":1}", post("/things", coding, gzip("{\"a\": 1}")).expect(200).text());
        assertEquals("1000000", post("/lengths", coding, gzip("x".repeat(1_000_000))).expect(200).text());
    }

    @Test
    void theBoundIsThatOfWhatItHolds() throws IOException {
        String most = "{\"a\":\"" + "x".repeat(CAP - 8) + "\"}";

        post("/things", "gzip", gzip(most)).expect(200);
        post("/things", "gzip", gzip(most + " ")).expectProblem(413);
    }

    @Test
    void aBombIsRefusedBeforeItHasGoneOff() throws IOException {
        var bomb = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 40; i++) {
                out.write(new byte[MIB]);
            }
        }
        assertTrue(bomb.size() < CAP);
        long start = System.nanoTime();

        post("/things", "gzip", bomb.toByteArray()).expectProblem(413);

        System.out.printf("bomb=%d KiB refused_after=%d ms%n", 40 * 1_024, (System.nanoTime() - start) / 1_000_000);
        assertEquals("{}", post("/things", "gzip", gzip("{}")).expect(200).text());
    }

    @Test
    void membersOneAfterTheOtherAreOneBody() throws IOException {
        assertEquals("{\"a\":1}", post("/things", "gzip", join(gzip("{\"a\""), gzip(""), gzip(": 1}"))).text());
    }

    /// The inflater of the JDK calls itself once for each.
    @Test
    void thousandsOfEmptyMembersAreAnEmptyBody() throws IOException {
        byte[] empty = gzip("");
        var many = new ByteArrayOutputStream();
        while (many.size() + empty.length < CAP) {
            many.write(empty);
        }

        post("/things", "gzip", many.toByteArray()).expectProblem(400);
        assertEquals("0", post("/lengths", "gzip", many.toByteArray()).expect(200).text());
    }

    @Test
    void whatIsNotGzipIsUnreadable() throws IOException {
        byte[] good = gzip("{\"a\": 1}");
        byte[] wrongSum = good.clone();
        wrongSum[good.length - 5] ^= 1;
        byte[] wrongLength = good.clone();
        wrongLength[good.length - 1] ^= 1;
        byte[] damaged = good.clone();
        damaged[10] = (byte) 0xff;
        byte[] reserved = good.clone();
        reserved[3] = (byte) 0x80;
        List<byte[]> bad = List.of("{}".getBytes(StandardCharsets.US_ASCII), wrongSum, wrongLength, damaged, reserved,
                Arrays.copyOf(good, 5), Arrays.copyOf(good, 12), Arrays.copyOf(good, good.length - 1),
                join(good, new byte[]{1}), join(good, "{}".getBytes(StandardCharsets.US_ASCII)));

        for (byte[] each : bad) {
            post("/things", "gzip", each).expectProblem(400);
        }
        post("/things", "gzip", new byte[0]).expectProblem(400);
    }

    @Test
    void theOptionalPartsOfAHeaderArePassedOver() throws IOException {
        byte[] plain = gzip("{\"a\": 1}");
        var full = new ByteArrayOutputStream();
        full.write(new byte[]{0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 0, 3, 0, 'x', 'y', 'z'});
        full.write("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        var sum = new CRC32();
        sum.update(full.toByteArray());
        full.write((int) sum.getValue() & 0xff);
        full.write((int) sum.getValue() >> 8 & 0xff);
        full.write(plain, 10, plain.length - 10);

        assertEquals("{\"a\":1}", post("/things", "gzip", full.toByteArray()).expect(200).text());
    }

    @Test
    void anEndlessNameIsRefused() {
        byte[] endless = new byte[MIB];
        Arrays.fill(endless, (byte) 'n');
        System.arraycopy(new byte[]{0x1f, (byte) 0x8b, 8, 8, 0, 0, 0, 0, 0, 0}, 0, endless, 0, 10);

        post("/lengths", "gzip", endless).expectProblem(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "deflate", "zstd", "gzip, gzip", "identity, gzip", "x", "*"})
    void anotherCodingIsRefusedAndTheOneThatIsReadIsNamed(String coding) throws IOException {
        RawHttp.Answer answer = post("/things", coding, gzip("{}")).expectProblem(415);

        assertEquals("gzip", answer.header("accept-encoding").orElseThrow());
    }

    private static RawHttp.Answer post(String path, String coding, byte[] body) {
        try (RawHttp raw = server.connect()) {
            raw.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Encoding: "
                    + coding + "\r\nContent-Length: " + body.length + "\r\n\r\n");
            return raw.send(body).answer();
        }
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) throws IOException {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.write(part);
        }
        return joined.toByteArray();
    }
}
