package dev.heddle.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class LabRoutesTest {
    private static final int MIB = 1024 * 1024;

    @TempDir
    private static Path data;
    private static Path files;
    private static TestApp app;

    @BeforeAll
    static void start() throws IOException {
        files = Files.createDirectory(data.resolve("files"));
        app = TestApp.start(Map.of("HEDDLE_DATA_FOLDER", data.toString()));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/async", "/async-data", "/non-blocking-operation", "/good-async", "/bad-sync"})
    void waitsAsLongAsItIsTold(String path) {
        assertTakes(0, 150, path + "?ms=0");
        assertTakes(path.equals("/bad-sync") ? 150 : 50, 400, path + "?ms=50");
        app.get(path + "?ms=60001").expect(422);
        app.get(path + "?ms=-1").expect(422);
    }

    @Test
    void someDataWereGotNow() {
        JsonNode answer = app.get("/async-data?ms=0").expect(200).json();

        assertEquals("async", answer.get("source").asString());
        assertEquals(List.of(1, 2, 3), answer.get("data").valueStream().map(JsonNode::asInt).toList());
    }

    @Test
    void gatheredWaitsTakeAsLongAsOne() {
        JsonNode answer = app.get("/compare?n=3&ms=200").expect(200).json();

        double sequential = answer.get("sequential_seconds").asDouble();
        double gathered = answer.get("gathered_seconds").asDouble();
        assertTrue(sequential >= 0.6 && sequential < 0.8, () -> "sequential " + sequential);
        assertTrue(gathered >= 0.2 && gathered < 0.3, () -> "gathered " + gathered);
        app.get("/compare?n=0").expect(422);
        app.get("/compare?n=101").expect(422);
    }

    @Test
    void tasksEndInTheOrderOfTheirWaits() {
        JsonNode answer = app.get("/lifecycle").expect(200).json();

        List<String> ended = answer.get("events").valueStream()
                .filter(event -> event.get("event").asString().equals("ended"))
                .map(event -> event.get("task").asString()).toList();
        assertEquals(List.of("B", "C", "A"), ended);
        assertEquals(6, answer.get("events").size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/async", "/compare", "/good-async", "/bad-sync", "/lifecycle", "/mixed/0",
            "/heavy?n=1000000000", "/concurrent-with-limit"})
    void nothingTakesLongerThanItsCallerGrants(String path) {
        long start = System.nanoTime();

        app.ask("GET", path).header("X-Timeout-Ms", "50").send().expect(504);

        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 500);
    }

    @Test
    void computes() {
        assertEquals(45, app.get("/heavy?n=10").expect(200).json().get("result").asInt());
        assertEquals(0, app.get("/heavy?n=0").expect(200).json().get("result").asInt());
        assertEquals(8_999_550_005_000L, app.get("/mixed/3").expect(200).json().get("result").asLong());
        assertEquals("282b6d653dcd4548ed5aeedc756dccb730680c7aa51f33995bd42b76eddbe3fe",
                app.get("/process/heddle").expect(200).json().get("result").asString());
    }

    @Test
    void computesWithinBounds() {
        app.get("/heavy?n=1000000001").expect(422);
        app.get("/heavy?n=-1").expect(422);
        app.get("/mixed/301").expect(422);
        app.get("/mixed/-1").expect(422);
        app.get("/mixed/some").expect(422);
        app.get("/process/" + "x".repeat(1_001)).expect(422);
    }

    @Test
    void readsAFileOfTheFolder() throws IOException {
        Files.writeString(files.resolve("data.txt"), "grüezi\n");
        Files.writeString(Files.createDirectory(files.resolve("inner")).resolve("a.txt"), "a");

        assertEquals("grüezi\n", app.get("/read-file").expect(200).json().get("content").asString());
        assertEquals("a", app.get("/read-file?name=inner/a.txt").expect(200).json().get("content").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.txt", "..%2fsecret.txt", "inner/../../secret.txt", "/etc/passwd", "", ".", "..",
            "a%00b"})
    void namesThatLeadOutOfTheFolderAreRefused(String name) throws IOException {
        Files.writeString(data.resolve("secret.txt"), "secret");

        assertEquals(List.of("query.name"), app.get("/read-file?name=" + name).expect(422).errorPlaces());
    }

    @Test
    void linksThatLeadOutOfTheFolderAreNotFollowed() throws IOException {
        Path secret = Files.writeString(data.resolve("outside.txt"), "secret");
        Files.createSymbolicLink(files.resolve("link.txt"), secret);
        Files.createSymbolicLink(files.resolve("link"), data);
        Files.createSymbolicLink(files.resolve("loop"), Path.of("loop"));
        Files.writeString(files.resolve("plain.txt"), "plain");

        for (String name : List.of("link.txt", "link/outside.txt", "loop", "plain.txt/x", "none.txt")) {
            assertFalse(app.get("/read-file?name=" + name).expect(404).text().contains("secret"));
        }
        app.get("/read-file?name=plain.txt").expect(200);
    }

    @Test
    void filesAreReadUpToAMebibyte() throws IOException {
        Files.writeString(files.resolve("most.txt"), "x".repeat(MIB));
        Files.writeString(files.resolve("more.txt"), "x".repeat(MIB + 1));
        Files.write(files.resolve("picture.png"), new byte[]{(byte) 0x89, (byte) 0xff});

        assertEquals(MIB, app.get("/read-file?name=most.txt").expect(200).json().get("content").asString().length());
        app.get("/read-file?name=more.txt").expect(413);
        app.get("/read-file?name=picture.png").expect(422);
    }

    private static void assertTakes(int least, int most, String path) {
        long start = System.nanoTime();
        Answer answer = app.get(path);
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        answer.expect(200);
        assertTrue(millis >= least && millis < most, () -> path + " took " + millis + " ms");
    }

    @Test
    void whatWasExpensiveToFindOutIsKnownForAWhile() {
        Answer first = app.get("/expensive-query").expect(200);
        Answer second = app.get("/expensive-query").expect(200);

        assertEquals("MISS", first.header("x-cache").orElseThrow());
        assertEquals("HIT", second.header("x-cache").orElseThrow());
        assertEquals(first.json(), second.json());
    }
}
