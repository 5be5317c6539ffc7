package dev.heddle.chores;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TaskRoutesTest {
    private static final TestApp APP = TestApp
            .start(Map.of("HEDDLE_TASKS_POLL", "50ms", "HEDDLE_TASKS_PROGRESS", "20ms",
                    "HEDDLE_TASKS_GRACE", "50ms"));
    private static final String NOBODY = "01890000-0000-7000-8000-000000000000";
    private static final String QUICK = "{\"stage_ms\": 1}";
    private static final String SLOW = "{\"stage_ms\": 60000}";

    @AfterAll
    static void close() {
        APP.close();
    }

    @Test
    void aTaskIsAcceptedAndReadUntilItIsDone() {
        Answer accepted = enqueue("{\"name\": \"first\", \"data\": " + QUICK + "}");
        JsonNode made = accepted.json();

        assertEquals("/tasks/" + id(made), accepted.header("location").orElseThrow());
        assertEquals("simulate", made.get("kind").asString());
        assertEquals("pending", made.get("status").asString());
        JsonNode done = end(made);
        assertEquals("completed", done.get("status").asString());
        assertEquals("first", done.get("name").asString());
        assertEquals(TestApp.parsed("{\"current\": 5, \"total\": 5, \"percent\": 100}"), done.get("progress"));
        assertEquals("Task first is done", done.get("result").get("message").asString());
        JsonNode status = APP.get("/task-status/" + id(made)).expect(200).json();
        assertEquals(List.of("task_id", "status", "result"), List.copyOf(status.propertyNames()));
        assertEquals(done.get("result"), status.get("result"));
    }

    @Test
    void aTaskThatIsCalledErrorFailsAfterItsLastStage() {
        JsonNode failed = end(enqueue("{\"name\": \"an ERRor\", \"data\": " + QUICK + "}").json());

        assertEquals("failed", failed.get("status").asString());
        assertEquals("the task's name says that it fails", failed.get("error").asString());
        assertEquals(5, failed.get("progress").get("current").asInt());
    }

    @Test
    void theGuidesWaysToAskAreUnderstood() {
        Answer byQuery = APP.ask("POST", "/tasks?name=asked").send().expect(202);
        JsonNode loose = enqueue("{\"name\": \"job\", \"description\": \"x\", \"stage_ms\": 60000}").json();
        JsonNode other = enqueue("{\"duration\": 5}").json();
        JsonNode empty = enqueue("{}").json();

        assertEquals("asked", byQuery.json().get("name").asString());
        assertEquals("job", loose.get("name").asString());
        assertEquals("simulate", other.get("name").asString());
        for (JsonNode each : List.of(byQuery.json(), loose, other, empty)) {
            assertEquals("simulate", each.get("kind").asString());
            APP.delete("/tasks/" + id(each)).expect(200);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"kind": "no-such"}                            | body.kind
            {"kind": "simulate", "dat": {}}                | body.dat
            {"kind": 7}                                    | body.kind
            {"name": ""}                                   | body.name
            {"name": 7}                                    | body.name
            {"kind": "heavy", "data": {"n": -1}}           | body.data.n
            {"kind": "heavy", "data": {"n": 1000000001}}   | body.data.n
            {"kind": "heavy", "data": {"m": 1}}            | body.data.m
            {"kind": "heavy", "data": 5}                   | body.data
            {"data": {"stage_ms": 60001}}                  | body.data.stage_ms
            {"data": {"stage_ms": "1"}}                    | body.data.stage_ms
            {"stage_ms": 60001}                            | body.stage_ms
            {"anything": "\\u0000"}                        | body.anything
            {"anything": [1, "\\ud800"]}                   | body.anything.1
            {"anything": 1e2000}                           | body.anything
            [1]                                            | body
            """)
    void whatIsWrongIsNamed(String json, String place) {
        assertEquals(List.of(place), APP.post("/tasks", json).expect(422).errorPlaces());
    }

    @Test
    void aNameMayBeAsLongAsTheBound() {
        JsonNode longest = enqueue("{\"name\": \"" + "x".repeat(200) + "\", \"data\": " + SLOW + "}").json();

        APP.post("/tasks", "{\"name\": \"" + "x".repeat(201) + "\"}").expect(422);
        APP.ask("POST", "/tasks?name=" + "x".repeat(201)).send().expect(422);
        APP.delete("/tasks/" + id(longest)).expect(200);
    }

    @Test
    void aBodyThatIsNoJsonIsRefused() {
        APP.post("/tasks", "{").expect(400);
        APP.post("/tasks", "{\"a\": 1, \"a\": 2}").expect(400);
        APP.ask("POST", "/tasks").body("text/plain", "hello".getBytes(StandardCharsets.UTF_8)).send().expect(415);
    }

    @Test
    void aRunningTaskIsCancelledAndCanBeRetried() {
        double others = running();
        JsonNode made = enqueue("{\"data\": " + SLOW + "}").json();
        awaitStatus(made, "running");

        JsonNode cancelled = APP.delete("/tasks/" + id(made)).expect(200).json();

        assertEquals("cancelled", cancelled.get("status").asString());
        assertFalse(cancelled.get("completed_at").isNull());
        APP.delete("/tasks/" + id(made)).expect(200);
        await().until(() -> running() == others);
        Answer retried = APP.ask("POST", "/tasks/" + id(made) + "/retry").send().expect(202);
        assertEquals("pending", retried.json().get("status").asString());
        assertTrue(retried.json().get("completed_at").isNull());
        awaitStatus(made, "running");
        assertEquals(2, APP.get("/tasks/" + id(made)).json().get("attempts").asInt());
        APP.delete("/tasks/" + id(made)).expect(200);
    }

    @Test
    void whatIsDoneIsNeitherCancelledNorRetried() {
        JsonNode done = end(enqueue("{\"data\": " + QUICK + "}").json());

        APP.delete("/tasks/" + id(done)).expect(409);
        APP.ask("POST", "/tasks/" + id(done) + "/retry").send().expect(409);
        JsonNode pending = enqueue("{\"data\": " + SLOW + "}").json();
        APP.ask("POST", "/tasks/" + id(pending) + "/retry").send().expect(409);
        APP.delete("/tasks/" + id(pending)).expect(200);
    }

    @ParameterizedTest
    @CsvSource({NOBODY, "0", "-1", "abc", "01890000-0000-7000-8000-00000000000Z"})
    void anUnknownTaskIsNotFound(String id) {
        APP.get("/tasks/" + id).expect(404);
        APP.get("/task-status/" + id).expect(404);
        APP.delete("/tasks/" + id).expect(404);
        APP.ask("POST", "/tasks/" + id + "/retry").send().expect(404);
    }

    @Test
    void theListIsWalkedPageByPageWhileTasksAreMade() {
        var made = new ArrayList<String>();
        for (int i = 0; i < 7; i++) {
            made.addFirst(id(end(enqueue("{\"kind\": \"process-data\", \"data\": \"" + i + "\"}").json())));
        }

        var walked = new ArrayList<String>();
        String cursor = "";
        while (walked.size() < 7) {
            JsonNode page = APP.get("/tasks?status=completed&limit=3" + cursor).expect(200).json();
            page.get("items").forEach(task -> walked.add(id(task)));
            assertTrue(page.get("has_more").asBoolean() || walked.size() >= 7);
            cursor = "&cursor=" + page.get("next_cursor").asString("");
            end(enqueue("{\"kind\": \"process-data\", \"data\": \"late\"}").json());
        }

        assertEquals(made, walked.subList(0, 7));
    }

    @ParameterizedTest
    @CsvSource({"status=done,422", "status=,422", "limit=0,422", "limit=1001,422", "limit=x,422", "cursor=x,400",
            "status=failed,200", "limit=1000,200"})
    void theListSaysWhatItRefuses(String query, int status) {
        APP.get("/tasks?" + query).expect(status);
    }

    @Test
    void aCursorIsOfOneList() {
        enqueue("{\"data\": " + QUICK + "}");
        enqueue("{\"data\": " + QUICK + "}");
        String cursor = APP.get("/tasks?limit=1").json().get("next_cursor").asString();

        APP.get("/tasks?limit=1&cursor=" + cursor).expect(200);
        APP.get("/tasks?limit=1&status=failed&cursor=" + cursor).expect(400);
    }

    @Test
    void aSumIsComputedInTheBackground() {
        JsonNode byQuery = end(APP.ask("POST", "/heavy?n=1000").send().expect(202).json());
        JsonNode byTask = end(enqueue("{\"kind\": \"heavy\", \"data\": {\"n\": 1000}}").json());

        assertEquals(499_500, byQuery.get("result").get("result").asLong());
        assertEquals(byQuery.get("result"), byTask.get("result"));
        APP.ask("POST", "/heavy?n=1000000001").send().expect(422);
    }

    @Test
    void dataAreReadInTheBackground() {
        JsonNode json = processed(APP.post("/process-data", "{\"a\": 1, \"b\": \"two words\"}"));
        JsonNode text = processed(APP.ask("POST", "/process-data").body("text/plain",
                "gr\u00fc\u00df dich".getBytes(StandardCharsets.UTF_8)).send());
        JsonNode query = processed(APP.ask("POST", "/process-data?data=abc").send());

        assertEquals(TestApp.parsed("{\"a\": 1, \"b\": \"two words\"}"), json.get("data"));
        assertEquals(TestApp.parsed("[\"a\", \"b\"]"), json.get("keys"));
        assertEquals("{\"a\":1,\"b\":\"two words\"}".length(), json.get("bytes").asInt());
        assertEquals(2, text.get("words").asInt());
        assertEquals(11, text.get("bytes").asInt());
        assertEquals("gr\u00fc\u00df dich", text.get("data").asString());
        assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                query.get("sha256").asString(), "the test vector of FIPS 180-2");
        assertTrue(query.get("processed").asBoolean());
    }

    @Test
    void dataMustBeThereAndReadable() {
        assertEquals(List.of("body"), APP.ask("POST", "/process-data").send().expect(422).errorPlaces());
        APP.post("/process-data", "{").expect(400);
        APP.ask("POST", "/process-data").body("text/plain", new byte[]{(byte) 0xff}).send().expect(400);
        APP.ask("POST", "/process-data").body("image/png", new byte[]{1}).send().expect(415);
        APP.ask("POST", "/process-data").body("text/plain", new byte[(1 << 20) + 1]).send().expect(413);
    }

    @Test
    void aLargeResultIsShownByItselfAndNotInTheList() {
        byte[] text = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        Answer submitted = APP.ask("POST", "/process-data").body("text/plain", text).send().expect(202);

        JsonNode done = end(submitted.json());

        assertEquals(text.length, done.get("result").get("bytes").asInt(), done.toString());
        APP.get("/tasks?limit=1000").json().get("items").valueStream().filter(task -> id(task).equals(id(done)))
                .forEach(task -> assertTrue(task.get("result").isNull()));
    }

    @Test
    void metricsSayHowManyWaitAndRun() {
        JsonNode made = enqueue("{\"data\": " + SLOW + "}").json();

        await().until(() -> running() >= 1);

        APP.delete("/tasks/" + id(made)).expect(200);
        assertTrue(APP.get("/metrics").text().contains("\ntasks_waiting "));
    }

    private static JsonNode processed(Answer submitted) {
        assertEquals("/tasks/" + id(submitted.expect(202).json()), submitted.header("location").orElseThrow());
        return end(submitted.json()).get("result");
    }

    private static Answer enqueue(String json) {
        return APP.post("/tasks", json).expect(202);
    }

    private static JsonNode end(JsonNode task) {
        return await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20))
                .until(() -> APP.get("/tasks/" + id(task)).expect(200).json(),
                        found -> !found.get("completed_at").isNull());
    }

    private static void awaitStatus(JsonNode task, String status) {
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(20))
                .until(() -> APP.get("/tasks/" + id(task)).json().get("status").asString().equals(status));
    }

    private static double running() {
        return APP.get("/metrics").text().lines().filter(line -> line.startsWith("tasks_running "))
                .mapToDouble(line -> Double.parseDouble(line.split(" ")[1])).sum();
    }

    private static String id(JsonNode task) {
        return task.get("task_id").asString();
    }
}
