package dev.heddle.files;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.formats.TestPictures;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class FileRoutesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String UNKNOWN = "01890a5d-ac96-774b-bcce-b302099a8057";
    private static final int MOST_BYTES = 256 * 1024;
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start(Map.of("HEDDLE_FILES_MAX_SIZE", "256KiB", "HEDDLE_FILES_MAX_PIXELS", "1000000"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aPictureIsTakenInWorkedOnAndHandedBack() {
        byte[] jpeg = TestPictures.withSegment(TestPictures.jpeg(640, 480), 0xE1, TestPictures.exif(6, "N 52 secret"));

        JsonNode made = upload(new Multipart().file("Zo\u00eb.jpg", jpeg).operations("""
                [{"type": "thumbnail", "size": 100}, {"type": "rotate", "angle": 90}]""")).expect(202).json();
        String file = "/files/" + made.get("file_id").asString();
        JsonNode task = awaitEnd(made);

        assertEquals("completed", task.get("status").asString(), task::toString);
        assertEquals(100, task.get("progress").get("percent").asInt());
        assertEquals(4, task.get("progress").get("total").asInt());
        JsonNode described = app.get(file).expect(200).json();
        assertEquals("Zo\u00eb.jpg", described.get("name").asString());
        assertEquals("completed", described.get("state").asString());
        assertPicture(described.get("original"), "image/jpeg", 480, 640);
        assertPicture(described.get("result"), "image/jpeg", 100, 75);
        assertArrayEquals(jpeg, app.get(file + "/content").expect(200).body());
        Answer result = app.get(file + "/result").expect(200);
        assertEquals("image/jpeg", result.header("content-type").orElseThrow());
        assertEquals(100, TestPictures.decoded(result.body()).getWidth());
        assertFalse(new String(result.body(), StandardCharsets.ISO_8859_1).contains("secret"));
    }

    @Test
    void theAnswerSaysWhereToLook() {
        Answer answer = upload(Multipart.of(TestPictures.png(8, 8))).expect(202);

        assertEquals("/files/" + answer.json().get("file_id").asString(), answer.header("location").orElseThrow());
        app.get("/tasks/" + answer.json().get("task_id").asString()).expect(200);
    }

    @Test
    void aPngStaysOneAndAGifBecomesOne() {
        for (byte[] file : List.of(TestPictures.png(20, 10), TestPictures.gif(20, 10))) {
            String path = uploaded(Multipart.of(file));

            assertPicture(app.get(path).json().get("result"), "image/png", 20, 10);
        }
    }

    @Test
    void aPictureIsWorkedOnAgain() {
        JsonNode made = upload(Multipart.of(TestPictures.png(40, 20))).expect(202).json();
        awaitEnd(made);
        String path = "/files/" + made.get("file_id").asString();
        String before = app.get(path + "/result").header("etag").orElseThrow();

        JsonNode submitted = app.post("/process-image", """
                {"file_id": "%s", "operations": [{"type": "resize", "width": 7, "height": 9}]}
                """.formatted(made.get("file_id").asString())).expect(202).json();

        assertEquals("submitted", submitted.get("status").asString());
        assertEquals("completed", awaitEnd(submitted).get("status").asString());
        assertPicture(app.get(path).json().get("result"), "image/png", 7, 9);
        assertEquals(submitted.get("task_id"), app.get(path).json().get("task_id"));
        assertNotEquals(before, app.get(path + "/result").header("etag").orElseThrow());
        assertEquals(1, count("pictures where role = 'result' and file_id = '" + path.substring(7) + "'"));
    }

    @Test
    void contentsAreGivenInRangesAndNotTwice() {
        byte[] png = TestPictures.largePng(MOST_BYTES - 1_000);
        String path = uploaded(Multipart.of(png)) + "/content";
        String tag = app.get(path).expect(200).header("etag").orElseThrow();

        Answer range = app.ask("GET", path).header("Range", "bytes=200000-200009").header("If-Range", tag).send()
                .expect(206);
        assertArrayEquals(Arrays.copyOfRange(png, 200_000, 200_010), range.body());
        assertEquals("bytes 200000-200009/" + png.length, range.header("content-range").orElseThrow());
        assertArrayEquals(Arrays.copyOfRange(png, png.length - 5, png.length),
                app.ask("GET", path).header("Range", "bytes=-5").send().expect(206).body());
        app.ask("GET", path).header("Range", "bytes=" + png.length + "-").send().expect(416);
        app.ask("GET", path).header("If-None-Match", tag).send().expect(304);
    }

    @Test
    void bytesThatLieInSeveralPiecesComeBackFromAnyPlace() {
        try (TestApp large = TestApp.start()) {
            byte[] png = TestPictures.largePng(800_000);
            Answer made = large.ask("POST", "/files").body(Multipart.TYPE, Multipart.of(png).bytes()).send();
            String path = "/files/" + made.expect(202).json().get("file_id").asString() + "/content";

            assertArrayEquals(png, large.get(path).expect(200).body());
            for (int[] range : new int[][]{{262_143, 262_144}, {262_144, 524_287}, {262_143, 524_288}, {0, 0},
                    {524_288, png.length - 1}, {100, png.length - 2}}) {
                assertArrayEquals(Arrays.copyOfRange(png, range[0], range[1] + 1), large.ask("GET", path)
                        .header("Range", "bytes=" + range[0] + "-" + range[1]).send().expect(206).body());
            }
        }
    }

    @Test
    void aDeletedFileIsGoneWithAllThatBelongsToIt() {
        String path = uploaded(Multipart.of(TestPictures.png(8, 8)));
        long before = count("picture_chunks");

        app.delete(path).expect(204);

        assertEquals(before - 2, count("picture_chunks"));
        for (String gone : List.of(path, path + "/content", path + "/result")) {
            app.get(gone).expect(404);
        }
        app.delete(path).expect(404);
        app.post("/process-image", "{\"file_id\": \"" + path.substring(7) + "\"}").expect(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {UNKNOWN, "0", "-1", "abc", "01890A5D-AC96-774B-BCCE-B302099A8057"})
    void whatIsNotThereIsNotFound(String id) {
        app.get("/files/" + id).expect(404);
        app.get("/files/" + id + "/content").expect(404);
        app.get("/files/" + id + "/result").expect(404);
        app.delete("/files/" + id).expect(404);
        app.post("/process-image", "{\"file_id\": \"" + id + "\", \"operations\": []}").expect(404);
    }

    @Test
    void aFileHasABound() {
        unchanged(() -> {
            byte[] most = TestPictures.largePng(MOST_BYTES - 400);
            byte[] padded = TestPictures.largePng(MOST_BYTES - 400 + (MOST_BYTES - most.length));
            assertEquals(MOST_BYTES, padded.length);
            app.delete(uploaded(Multipart.of(padded))).expect(204);
            upload(Multipart.of(TestPictures.largePng(MOST_BYTES - 400 + (MOST_BYTES - most.length) + 1))).expect(413);
        });
    }

    @Test
    void aPictureHasABound() {
        unchanged(() -> {
            assertRefused("body.file", Multipart.of(TestPictures.lyingPng(1_000, 1_001)));
            assertRefused("body.file", Multipart.of(TestPictures.lyingPng(Integer.MAX_VALUE, 65_536)));
            app.delete(uploaded(Multipart.of(TestPictures.png(1_000, 1_000)))).expect(204);
        });
    }

    @Test
    void bombsAreRefusedSoon() {
        unchanged(() -> {
            byte[] bomb = Multipart.of(TestPictures.lyingPng(60_000, 60_000)).bytes();
            long best = Long.MAX_VALUE;
            for (int round = 0; round < 10; round++) {
                long start = System.nanoTime();
                app.ask("POST", "/files").body(Multipart.TYPE, bomb).send().expect(422);
                best = Math.min(best, System.nanoTime() - start);
            }
            assertTrue(best < Duration.ofMillis(200).toNanos(), best + " ns");
        });
    }

    @Test
    void whatIsNoPictureIsAWrongTypeWhateverItIsCalled() {
        unchanged(() -> {
            upload(new Multipart().file("picture.png", "<svg/>".getBytes(StandardCharsets.US_ASCII))).expect(415);
            upload(new Multipart().file("picture.png", new byte[0])).expect(415);
            String webp = upload(
                    new Multipart().file("p.webp", "RIFF\0\0\0\0WEBPVP8L".getBytes(StandardCharsets.US_ASCII)))
                    .expect(415).json().get("detail").asString();
            assertTrue(webp.contains("WebP"), webp);
        });
    }

    @Test
    void aFormSaysAllThatIsWrongInIt() {
        unchanged(() -> {
            assertRefused("body.file", new Multipart());
            assertRefused("body.file", Multipart.of(TestPictures.png(8, 8)).file("again", TestPictures.png(8, 8)));
            assertRefused("body.more", Multipart.of(TestPictures.png(8, 8)).text("more", "x"));
            assertRefused("body.notify", Multipart.of(TestPictures.png(8, 8)).text("notify", "nowhere"));
            assertRefused("body.notify",
                    Multipart.of(TestPictures.png(8, 8)).text("notify", "a".repeat(64) + "@" + "b.".repeat(95) + "b"));
            upload(Multipart.of(TestPictures.png(8, 8)).operations("[")).expect(400);
            upload(Multipart.of(TestPictures.png(8, 8)).operations(" ".repeat(65_537))).expect(413);
            upload(Multipart.of(TestPictures.png(8, 8)).text("notify", "a".repeat(65_537))).expect(413);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [{"type": "resize"}]                                     | body.operations.0.height,body.operations.0.width
            [{"type": "resize", "width": 0, "height": 10001}]        | body.operations.0.height,body.operations.0.width
            [{"type": "resize", "width": 1001, "height": 1000}]      | body.operations.0
            [{"type": "rotate", "angle": 361}]                       | body.operations.0.angle
            [{"type": "rotate", "angle": 1.5}]                       | body.operations.0.angle
            [{"type": "rotate", "angle": "90"}]                      | body.operations.0.angle
            [{"type": "rotate", "angle": 90, "size": 3}]             | body.operations.0.size
            [{"type": "thumbnail"}]                                  | body.operations.0.size
            [{"type": "thumbnail", "size": 10001}]                   | body.operations.0.size
            [{"type": "crop", "size": 1}]                            | body.operations.0.type
            [{"type": "Rotate", "angle": 1}]                         | body.operations.0.type
            [{"angle": 1}]                                           | body.operations.0.type
            [{"type": "rotate", "angle": 1}, {"type": "thumbnail"}]  | body.operations.1.size
            [{"type": "rotate", "angle": 1, "speed": 9}]             | body.operations.0.speed
            [{"type": "resize", "width": 1000, "height": 1000}, {"type": "rotate", "angle": 45}] | body.operations.1
            [1]                                                      | body.operations.0
            {}                                                       | body.operations
            """)
    void whatCannotBeDoneIsRefusedWithItsPlace(String operations, String places) {
        unchanged(() -> assertEquals(List.of(places.split(",")), upload(
                Multipart.of(TestPictures.png(8, 8)).operations(operations)).expect(422).errorPlaces()));
    }

    @Test
    void operationsHaveABound() {
        String one = "{\"type\": \"thumbnail\", \"size\": 8}";
        unchanged(() -> {
            app.delete(
                    uploaded(Multipart.of(TestPictures.png(8, 8)).operations("[" + (one + ",").repeat(9) + one + "]")))
                    .expect(204);
            assertRefused("body.operations",
                    Multipart.of(TestPictures.png(8, 8)).operations("[" + (one + ",").repeat(10) + one + "]"));
        });
    }

    @Test
    void theSameIsCheckedOfAPictureThatIsThere() {
        String id = uploaded(Multipart.of(TestPictures.png(8, 8))).substring(7);

        assertEquals(List.of("body.operations.0.width"), app.post("/process-image",
                "{\"file_id\": \"" + id + "\", \"operations\": [{\"type\": \"resize\", \"height\": 3}]}").expect(422)
                .errorPlaces());
        assertEquals(List.of("body.notify"), app.post("/process-image",
                "{\"file_id\": \"" + id + "\", \"operations\": [], \"notify\": \"x\"}").expect(422).errorPlaces());
        assertEquals(List.of("body.file_id"), app.post("/process-image", "{}").expect(422).errorPlaces());
        assertEquals(List.of("body.path"), app.post("/process-image",
                "{\"file_id\": \"" + id + "\", \"path\": \"/etc/passwd\"}").expect(422).errorPlaces());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "..", ".", "/etc/passwd", "C:\\\\boot.ini", "a/b", "..\\\\x", "\u0001"})
    void aNameThatIsAPathIsRefused(String name) {
        unchanged(() -> {
            Answer answer = upload(new Multipart().file(name, TestPictures.png(8, 8)));
            assertTrue(answer.status() == 422 || answer.status() == 400 && name.equals("\u0001"), answer::text);
        });
    }

    @Test
    void aNameHasABoundAndMayBeMissing() {
        unchanged(() -> {
            app.delete(uploaded(new Multipart().file("\ud83e\uddf5".repeat(255), TestPictures.png(8, 8)))).expect(204);
            assertRefused("body.file", new Multipart().file("n".repeat(256), TestPictures.png(8, 8)));
            String nameless = uploaded(new Multipart().file("", TestPictures.png(8, 8)));
            assertFalse(app.get(nameless).expect(200).json().has("name"));
            app.delete(nameless).expect(204);
        });
    }

    @ParameterizedTest
    @CsvSource({"multipart/form-data, 400", "multipart/form-data; boundary=other, 400", "application/json, 415",
            "multipart/mixed; boundary=----heddle, 415", "multipart/form-data; boundary=, 400"})
    void aBodyThatIsNoFormIsRefused(String type, int status) {
        unchanged(() -> app.ask("POST", "/files").body(type, Multipart.of(TestPictures.png(8, 8)).bytes()).send()
                .expect(status));
    }

    @Test
    void manyPartsAreRefused() {
        unchanged(() -> {
            var form = new Multipart();
            for (int i = 0; i < 1_001; i++) {
                form.text("file", "x");
            }
            assertTrue(List.of(413, 415, 422).contains(upload(form).status()));
        });
    }

    @Test
    void aPictureWhosePixelsAreNonsenseFailsForGood() {
        JsonNode made = upload(Multipart.of(TestPictures.lyingPng(1_000, 1_000))).expect(202).json();

        JsonNode task = awaitEnd(made);

        assertEquals("failed", task.get("status").asString());
        assertEquals(1, task.get("attempts").asInt());
        assertTrue(task.get("error").asString().contains("cannot be decoded"), task::toString);
        assertEquals("failed", app.get("/files/" + made.get("file_id").asString()).json().get("state").asString());
        app.get("/files/" + made.get("file_id").asString() + "/result").expect(404);
    }

    @Test
    void whoAsksForTheTaskItselfGetsTheSame() {
        String id = uploaded(Multipart.of(TestPictures.png(8, 8))).substring(7);

        JsonNode task = app.post("/tasks", """
                {"kind": "process-image", "data": {"file_id": "%s", "operations": [{"type": "rotate", "angle": 9}]}}
                """.formatted(id)).expect(202).json();
        JsonNode nonsense = app.post("/tasks", """
                {"kind": "process-image", "data": {"file_id": "%s", "operations": [{"type": "rotate"}]}}
                """.formatted(id)).expect(202).json();
        JsonNode unknown = app.post("/tasks", """
                {"kind": "process-image", "data": {"file_id": "%s"}}""".formatted(UNKNOWN)).expect(202).json();

        assertEquals("failed", awaitEnd(nonsense).get("status").asString());
        assertEquals("failed", awaitEnd(unknown).get("status").asString());
        String status = awaitEnd(task).get("status").asString();
        assertTrue(status.equals("completed") || status.equals("failed"), status);
    }

    private static void assertPicture(JsonNode picture, String mediaType, int width, int height) {
        assertEquals(mediaType, picture.get("media_type").asString());
        assertEquals(width, picture.get("width").asInt());
        assertEquals(height, picture.get("height").asInt());
        assertTrue(picture.get("size_bytes").asInt() > 0);
    }

    private static void assertRefused(String place, Multipart form) {
        assertEquals(List.of(place), upload(form).expect(422).errorPlaces());
    }

    /// Runs `check`, after which there must be as many files and bytes as before. What other tests began may still make some.
    private static void unchanged(Runnable check) {
        await().until(() -> count("tasks where status in ('pending', 'running')") == 0);
        List<Long> before = List.of(count("files"), count("pictures"), count("picture_chunks"));
        check.run();
        assertEquals(before, List.of(count("files"), count("pictures"), count("picture_chunks")));
    }

    private static Answer upload(Multipart form) {
        return app.ask("POST", "/files").body(Multipart.TYPE, form.bytes()).send();
    }

    /// The path of a file that was uploaded and worked on.
    private static String uploaded(Multipart form) {
        JsonNode made = upload(form).expect(202).json();
        assertEquals("completed", awaitEnd(made).get("status").asString());
        return "/files/" + made.get("file_id").asString();
    }

    private static JsonNode awaitEnd(JsonNode made) {
        return await().atMost(PATIENCE).until(() -> app.get("/tasks/" + made.get("task_id").asString()).json(),
                task -> !List.of("pending", "running").contains(task.get("status").asString()));
    }

    private static long count(String from) {
        try (Connection connection = DriverManager.getConnection(app.database().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
