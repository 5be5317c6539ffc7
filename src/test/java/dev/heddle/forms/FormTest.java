package dev.heddle.forms;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {
    private static final String TYPE = "multipart/form-data; boundary=B";
    private static final String HEAD = "Content-Disposition: form-data; name=\"a\"\r\n\r\n";

    /// A part as it was read.
    private record Read(String name, Optional<String> fileName, String content) {}

    @Test
    void partsComeInTheirOrder() {
        List<Read> parts = read("--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n"
                + "--B\r\ncontent-type: image/png\r\nContent-Disposition: FORM-data; filename=\"p.png\" ; name=b\r\n\r\n"
                + "\r\n--B\r\n" + HEAD + "\r\n\r\n--B--\r\n");

        assertEquals(List.of(new Read("a", Optional.empty(), "one"), new Read("b", Optional.of("p.png"), ""),
                new Read("a", Optional.empty(), "\r\n")), parts);
    }

    @Test
    void aFormOfNoPartsIsOne() {
        assertEquals(List.of(), read("--B--"));
        assertEquals(List.of(), read("--B--\r\n"));
    }

    @Test
    void contentThatLooksLikeABoundaryIsContent() {
        for (String content : List.of("--B", "\r\n--", "\r\n-B", "\r\n--\r\n--", "\n--B\n", "\r\r\n--A", "--B--",
                "\r\n")) {
            assertEquals(content, read("--B\r\n" + HEAD + content + "\r\n--B--").getFirst().content());
        }
    }

    @Test
    void everyByteComesBackWhateverThePiecesItArrivesIn() throws IOException {
        var random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] content = boundaryLike(random, random.nextInt(40_000));
            var body = new ByteArrayOutputStream();
            body.write(("--B_\r\n" + HEAD).getBytes(StandardCharsets.US_ASCII));
            body.write(content);
            body.write(("\r\n--B_\r\n" + HEAD + "end\r\n--B_--").getBytes(StandardCharsets.US_ASCII));

            var form = new Form("multipart/form-data; boundary=B_", pieces(body.toByteArray(), random), 2);

            assertArrayEquals(content, readAll(form.next().orElseThrow().content(), random), "round " + round);
            assertEquals("end", form.next().orElseThrow().text(3));
            assertTrue(form.next().isEmpty());
            assertTrue(form.next().isEmpty());
        }
    }

    @Test
    void aPartThatNobodyReadsIsPassedOver() throws IOException {
        var form = form(TYPE, "--B\r\n" + HEAD + "x".repeat(50_000) + "\r\n--B\r\n" + HEAD + "y\r\n--B--\r\n", 9);

        Part first = form.next().orElseThrow();
        assertEquals('x', first.content().read());
        assertEquals("y", form.next().orElseThrow().text(9));
        assertEquals(-1, first.content().read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "--", "--B", "--B\r", "--B\r\n", "--C--\r\n", "\r\n--B--\r\n", "pre\r\n--B--\r\n",
            "--B--x", "--B--\r\nx", "--B--\r\n\r\n", "--Bx\r\n", "--B \r\n", "--B\nContent", "--B-",
            "--B\r\n\r\nx\r\n--B--"})
    void whatIsNoFormIsUnreadable(String body) {
        assertRefused(Kind.UNREADABLE, TYPE, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Content-Disposition: form-data", "Content-Disposition: form-data;",
            "Content-Disposition",
            "Content-Disposition: form-data; name=", "Content-Disposition: form-data; name=\"\"",
            "Content-Disposition: form-data; name=\"a", "Content-Disposition: attachment; name=\"a\"",
            "Content-Disposition: form-data; name=a; name=b", "Content-Disposition: form-data; name=\"a\" x",
            "Content-Disposition: form-datax; name=a", "Content-Disposition : form-data; name=a",
            "Content-Disposition: form-data;\r\n name=a", ": x\r\nContent-Disposition: form-data; name=a",
            "Content-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=a",
            "Content-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64",
            "Content-Disposition: form-data; name=\"a\u0000\"", "Content-Disposition: form-data; name=\"a\r\"",
            "Content-Disposition: form-data; name=\"a\nb\"", "Content-Disposition: form-data; name=\"\u00ff\""})
    void aPartWithoutProperHeadersIsUnreadable(String headers) {
        assertRefused(Kind.UNREADABLE, TYPE, "--B\r\n" + headers + "\r\n\r\nx\r\n--B--\r\n");
    }

    @Test
    void aFormThatIsCutAnywhereIsUnreadable() {
        String whole = "--B\r\n" + HEAD + "one\r\n--B\r\n" + HEAD + "\r\n--B--";
        for (int length = 0; length < whole.length(); length++) {
            assertRefused(Kind.UNREADABLE, TYPE, whole.substring(0, length));
        }
        assertEquals(2, read(whole).size());
    }

    @Test
    void aLengthThatAPartClaimsIsNotBelieved() {
        List<Read> parts = read("--B\r\nContent-Length: 1\r\n" + HEAD + "one\r\n--B\r\n" + HEAD + "two\r\n--B--\r\n");

        assertEquals(List.of("one", "two"), parts.stream().map(Read::content).toList());
    }

    @Test
    void namesAreReadAsBrowsersWriteThem() {
        assertEquals("a\"b\\c d\\e", named("a\\\"b\\\\c d\\e"));
        assertEquals("Zo\u00eb \ud83e\uddf5.png", named(new String("Zo\u00eb \ud83e\uddf5.png"
                .getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        assertEquals("..", named(".."));
        assertEquals(";name=x", named(";name=x"));
        assertEquals(Optional.empty(), read("--B\r\nContent-Disposition: form-data; name=a; filename*=UTF-8''x\r\n\r\n"
                + "\r\n--B--\r\n").getFirst().fileName());
    }

    @Test
    void aFormHasBounds() throws IOException {
        String part = "--B\r\n" + HEAD + "x\r\n";

        assertEquals(9, read(part.repeat(9) + "--B--\r\n").size());
        assertRefused(Kind.TOO_LARGE, TYPE, part.repeat(10) + "--B--\r\n");
        assertRefused(Kind.TOO_LARGE, TYPE, part.repeat(1_001) + "--B--\r\n");

        String spare = "X: " + "y".repeat(4_096 - HEAD.strip().length() - 3);
        assertEquals(1, read("--B\r\n" + spare + "\r\n" + HEAD + "x\r\n--B--\r\n").size());
        assertRefused(Kind.TOO_LARGE, TYPE, "--B\r\n" + spare + "y\r\n" + HEAD + "x\r\n--B--\r\n");
        assertRefused(Kind.TOO_LARGE, TYPE, "--B\r\n" + "X".repeat(100_000));

        assertEquals("x", form(TYPE, part + "--B--\r\n", 9).next().orElseThrow().text(1));
        Part tooLong = form(TYPE, part + "--B--\r\n", 9).next().orElseThrow();
        assertEquals(Kind.TOO_LARGE, assertThrows(Failure.class, () -> tooLong.text(0)).kind());
        Part notUtf8 = form(TYPE, "--B\r\n" + HEAD + "\u00ff\r\n--B--\r\n", 9).next().orElseThrow();
        assertEquals(Kind.UNREADABLE, assertThrows(Failure.class, () -> notUtf8.text(9)).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary",
            "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
            "multipart/form-data; boundary=\"a ",
            "multipart/form-data; boundary=\"a \"", "multipart/form-data; boundary=a b",
            "multipart/form-data; boundary=a; boundary=a", "multipart/form-data; charset=utf-8",
            "multipart/form-data; boundary=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "multipart/form-data; boundary=\"\u00e9\"", "multipart/form-dat", "x"})
    void aTypeWithoutABoundaryIsUnreadable(String type) {
        assertRefused(Kind.UNREADABLE, type, "--B--\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"multipart/form-data; boundary=B", "Multipart/Form-Data;BOUNDARY=\"B\"",
            "multipart/form-data; charset=utf-8 ; boundary=B ", "multipart/form-data;\tboundary=B;x=\"y;\\\"z\""})
    void aBoundaryIsReadAsParametersAre(String type) throws IOException {
        assertTrue(form(type, "--B--", 1).next().isEmpty());
    }

    @Test
    void aLongHeaderNeedsNoDeepStack() {
        assertRefused(Kind.UNREADABLE, "multipart/form-data" + ";".repeat(20_000), "");
        assertRefused(Kind.UNREADABLE, "multipart/form-data; boundary=\"" + "\\a".repeat(20_000), "");
    }

    private static String named(String written) {
        return read("--B\r\nContent-Disposition: form-data; name=a; filename=\"" + written + "\"\r\n\r\nx\r\n--B--\r\n")
                .getFirst().fileName().orElseThrow();
    }

    private static void assertRefused(Kind kind, String type, String body) {
        assertEquals(kind, assertThrows(Failure.class, () -> read(form(type, body, 9)), body).kind(), body);
    }

    private static List<Read> read(String body) {
        try {
            return read(form(TYPE, body, 9));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Read> read(Form form) throws IOException {
        var parts = new ArrayList<Read>();
        for (Optional<Part> part = form.next(); part.isPresent(); part = form.next()) {
            parts.add(new Read(part.get().name(), part.get().fileName(), part.get().text(100_000)));
        }
        return parts;
    }

    /// The text is sent as Latin-1, so that a test can say any byte.
    private static Form form(String type, String body, int mostParts) {
        return new Form(type, new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1)), mostParts);
    }

    /// Bytes of the kind that boundaries are made of.
    private static byte[] boundaryLike(Random random, int length) {
        byte[] alphabet = {'\r', '\n', '-', 'B', '-', 'x', '\r', '\n'};
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = alphabet[random.nextInt(alphabet.length)];
        }
        return bytes;
    }

    private static InputStream pieces(byte[] bytes, Random random) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 1 + random.nextInt(5_000)));
            }
        };
    }

    private static byte[] readAll(InputStream in, Random random) throws IOException {
        var all = new ByteArrayOutputStream();
        var buffer = new byte[30_000];
        for (int count = 0; count >= 0;) {
            all.write(buffer, 0, count);
            count = in.read(buffer, 0, 1 + random.nextInt(buffer.length - 1));
        }
        return all.toByteArray();
    }
}
