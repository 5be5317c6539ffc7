package dev.heddle.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.events.EventReader;
import dev.heddle.events.EventReader.Received;
import dev.heddle.server.TestServer;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class StreamRoutesTest {
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void tenEventsComeHalfASecondApart() throws IOException {
        long start = System.nanoTime();

        Answer answer = app.get("/stream-data").expect(200);

        long millis = (System.nanoTime() - start) / 1_000_000;
        assertEquals("text/event-stream", answer.header("content-type").orElseThrow());
        assertEquals(IntStream.range(0, 10).mapToObj(StreamRoutesTest::event).toList(), events(answer));
        assertTrue(millis >= 4_500, () -> "nine half seconds lie between ten events, not " + millis + " ms");
    }

    @Test
    void eventsGoOnAfterTheLastOneThatCame() throws IOException {
        assertEquals(List.of(event(8), event(9)), events(resumed("7").expect(200)));
        assertEquals("", resumed("9").expect(204).text(), "a browser would connect again after another answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "-1", "abc", "8 8"})
    void anIdThatIsNoneOfTheirsBeginsAnew(String id) throws IOException {
        try (TestServer quick = TestServer.start(new StreamRoutes(Duration.ZERO).routes().getFirst())) {
            RawHttp.Answer answer = quick
                    .ask("GET /stream-data HTTP/1.1\r\nHost: x\r\nLast-Event-ID: " + id + "\r\n\r\n");

            assertEquals(10, new EventReader(new ByteArrayInputStream(answer.body())).rest().size());
        }
    }

    @Test
    void aLargeAnswerIsAListOfTenThousandRows() {
        Answer answer = app.get("/large-data").expect(200);

        List<JsonNode> rows = answer.json().valueStream().toList();
        assertEquals("application/json", answer.header("content-type").orElseThrow());
        assertEquals(IntStream.range(0, 10_000).boxed().toList(),
                rows.stream().map(row -> row.get("id").asInt()).toList());
        assertTrue(
                rows.stream().allMatch(row -> row.size() == 2 && row.get("data").asString().equals("x".repeat(100))));
    }

    @Test
    void aFileHasAsManyLinesAsAreAskedFor() {
        assertLines(1_000, app.get("/download-large-file"));
        assertLines(1, app.get("/download-large-file?lines=1"));
        assertLines(20_000, app.get("/download-large-file?lines=20000"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10000001", "1e3", "9223372036854775808"})
    void aNumberOfLinesOutOfBoundsIsRefused(String lines) {
        assertEquals(List.of("query.lines"), app.get("/download-large-file?lines=" + lines).expect(422).errorPlaces());
    }

    private static Answer resumed(String id) {
        return app.ask("GET", "/stream-data").header("Last-Event-ID", id).send();
    }

    private static Received event(int i) {
        return new Received("message", String.valueOf(i), String.valueOf(i), -1);
    }

    private static List<Received> events(Answer answer) throws IOException {
        return new EventReader(new ByteArrayInputStream(answer.body())).rest();
    }

    private static void assertLines(int wanted, Answer answer) {
        answer.expect(200);
        List<String> lines = answer.text().lines().toList();
        assertEquals("attachment; filename=\"large.txt\"", answer.header("content-disposition").orElseThrow());
        assertEquals("text/plain", answer.header("content-type").orElseThrow());
        assertEquals(wanted, lines.size());
        assertEquals("Line " + (wanted - 1) + ": " + "x".repeat(100), lines.getLast());
        assertTrue(answer.text().endsWith("\n"));
    }
}
