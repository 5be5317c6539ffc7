package dev.heddle.items;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.heddle.web.Failure;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {
    private static final Line SHUTTLE = new Line.Good(1, new ItemBody("Shuttle", "", new BigDecimal("12.50")));

    @Test
    void eachLineOfNdjsonIsAnItem() {
        List<Line> lines = ndjson("""
                {"name": "Shuttle", "price": 12.50}
                {"price": 1, "description": "two", "name": "Reed"}
                """);

        assertEquals(List.of(SHUTTLE, good(2, "Reed", "two", "1")), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "\r\n", "\n\n\r\n\n"})
    void linesEndAsTheyLikeAndEmptyOnesArePassedOver(String end) {
        assertEquals(List.of(SHUTTLE), ndjson("{\"name\": \"Shuttle\", \"price\": 12.50}" + end));
        assertEquals(List.of(SHUTTLE), csv("name,price\nShuttle,12.50" + end).stream().map(LinesTest::asFirst)
                .toList());
    }

    @Test
    void emptyLinesAreCounted() {
        assertEquals(List.of(good(3, "a", "", "1"), good(5, "b", "", "2")),
                ndjson("\n\r\n{\"name\":\"a\",\"price\":1}\n\n{\"name\":\"b\",\"price\":2}"));
        assertEquals(List.of(good(4, "a", "", "1"), good(6, "b", "", "2")), csv("name,price\n\n\na,1\n\nb,2"));
    }

    @Test
    void whatAnotherServerSaidOfIdAndTimeIsPassedOver() {
        assertEquals(List.of(SHUTTLE), ndjson("""
                {"id":7,"name":"Shuttle","description":"","price":12.50,"created_at":"2026-01-01T00:00:00Z"}
                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "{}", "[]", "null", "7", "\"x\"", "{\"name\":\"x\"}", "{\"price\":1}",
            "{\"name\":\"x\",\"price\":\"1\"}", "{\"name\":\"x\",\"price\":-1}", "{\"name\":\"\",\"price\":1}",
            "{\"name\":\"x\",\"price\":0.001}", "{\"name\":\"x\",\"price\":1,\"zip\":1}",
            "{\"name\":\"x\",\"name\":\"y\",\"price\":1}", "{\"name\":\"\\u0000\",\"price\":1}",
            "{\"name\":\"\\ud800\",\"price\":1}",
            "{\"name\":\"a\rb\",\"price\":1}",
            "\uFEFF{\"name\":\"x\",\"price\":1}", "{\"name\":null,\"price\":1}", " "})
    void aBadLineOfNdjsonSpoilsNoOther(String bad) {
        List<Line> lines = ndjson("{\"name\":\"a\",\"price\":1}\n" + bad + "\n{\"name\":\"b\",\"price\":2}\n");

        assertEquals(List.of(good(1, "a", "", "1"), good(3, "b", "", "2")), goodOnes(lines));
        assertEquals(List.of(2L), badOnes(lines));
    }

    @Test
    void aLineOfNdjsonHasAtMost64KiB() {
        String line = "{\"name\":\"a\",\"price\":1}";
        String longest = line + " ".repeat(65_536 - line.length());

        List<Line> lines = ndjson(longest + "\n" + longest + " \n" + line + "\n" + longest.repeat(40) + "\n" + line);

        assertEquals(List.of(good(1, "a", "", "1"), good(3, "a", "", "1"), good(5, "a", "", "1")), goodOnes(lines));
        assertEquals(List.of(2L, 4L), badOnes(lines));
    }

    @Test
    void bytesThatAreNotUtf8SpoilTheirLineOnly() {
        byte[] bad = bytes("{\"name\":\"a\",\"price\":1}\n{\"name\":\"", 0xC3,
                "\",\"price\":1}\n{\"name\":\"b\",\"price\":2}");
        byte[] badCsv = bytes("name,price\na,1\n", 0xC3, ",1\nb,2");

        List<Line> lines = all(new NdjsonLines(new ByteArrayInputStream(bad)));
        List<Line> csvLines = all(new CsvLines(new ByteArrayInputStream(badCsv)));

        assertEquals(List.of(good(1, "a", "", "1"), good(3, "b", "", "2")), goodOnes(lines));
        assertEquals(List.of(2L), badOnes(lines));
        assertEquals(List.of(good(2, "a", "", "1"), good(4, "b", "", "2")), goodOnes(csvLines));
        assertEquals(List.of(3L), badOnes(csvLines));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n"})
    void aRecordOfCsvIsQuotedAsItsRfcSays(String end) {
        List<Line> lines = csv(String.join(end, "description,price,name", "\"a, \"\"b\"\"\",1,Shuttle",
                "\"two" + end + "lines\",2.50, Reed ", ",3,\"\"\"\""));

        assertEquals(List.of(good(2, "Shuttle", "a, \"b\"", "1"), good(3, " Reed ", "two" + end + "lines", "2.50"),
                good(5, "\"", "", "3")), lines);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x,1,", "x,1,d,", ",1,d", "x,,d", "x,-1,d", "x,0.001,d", "x,1e2,d", "x,NaN,d",
            "x,\"1,5\",d", "\u0000,1,d", "x,1,\u0000", "x,10000000000,d"})
    void aBadRecordOfCsvSpoilsNoOther(String bad) {
        List<Line> lines = csv("name,price,description\na,1,\n" + bad + "\nb,2,\n");

        // With two fields too few or too many, or values that are none; a missing description is a field that is empty.
        assertEquals(List.of(2L, 4L),
                goodOnes(lines).stream().map(Line::number).filter(number -> number != 3).toList());
        assertTrue(badOnes(lines).equals(List.of(3L)) || bad.equals("x,1,"), lines::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "name", "price", "name,description", "name,price,zip", "name,price,name",
            "Name,Price", "name;price", "\uFEFFname,price", "name,price,", "\"name"})
    void aHeaderThatIsNoneIsUnreadable(String header) {
        Failure failure = assertThrows(Failure.class, () -> csv(header + "\na,1\n"));

        assertEquals(Failure.Kind.UNREADABLE, failure.kind());
    }

    @Test
    void whereNoRecordsEndCanBeToldTheReadingEnds() {
        List<Line> tooLong = csv("name,price\na,1\nb," + "2".repeat(70_000) + "\nc,3\n");
        List<Line> afterQuote = csv("name,price\na,1\n\"b\"b,2\nc,3\n");
        List<Line> unclosed = csv("name,price\na,1\n\"b,2\n" + "c,3\n".repeat(30_000));

        for (List<Line> lines : List.of(tooLong, afterQuote, unclosed)) {
            assertEquals(List.of(good(2, "a", "", "1")), goodOnes(lines));
            assertEquals(List.of(3L), badOnes(lines));
        }
    }

    private static List<Line> ndjson(String text) {
        return all(new NdjsonLines(stream(text)));
    }

    private static List<Line> csv(String text) {
        return all(new CsvLines(stream(text)));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String before, int odd, String after) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        bytes.write(odd);
        bytes.writeBytes(after.getBytes(StandardCharsets.UTF_8));
        return bytes.toByteArray();
    }

    private static List<Line> all(Line.Source source) {
        var all = new ArrayList<Line>();
        for (Optional<Line> line = source.next(); line.isPresent(); line = source.next()) {
            all.add(line.get());
        }
        assertEquals(Optional.empty(), source.next());
        return all;
    }

    private static Line good(long number, String name, String description, String price) {
        return new Line.Good(number, new ItemBody(name, description, new BigDecimal(price)));
    }

    private static Line asFirst(Line line) {
        return line instanceof Line.Good(long _, ItemBody body) ? new Line.Good(1, body) : line;
    }

    private static List<Line> goodOnes(List<Line> lines) {
        return lines.stream().filter(Line.Good.class::isInstance).toList();
    }

    private static List<Long> badOnes(List<Line> lines) {
        return lines.stream().filter(Line.Bad.class::isInstance).map(Line::number).toList();
    }
}
