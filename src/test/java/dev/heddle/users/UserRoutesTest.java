package dev.heddle.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.concurrent.Gather;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class UserRoutesTest {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static TestApp app;

    @BeforeAll
    static void start() {
        // Here the callers wait in line for as long as a busy machine makes them.
        app = TestApp.start(Map.of("HEDDLE_DB_GATE_QUEUE", "30s"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void creatingAUserSaysWhereItIs() {
        ObjectNode body = someone();

        Answer answer = create(body).expect(201);

        assertEquals(body, fields(answer));
        assertEquals("\"1\"", answer.header("etag").orElseThrow());
        assertEquals(answer.json(), app.get(answer.header("location").orElseThrow()).expect(200).json());
    }

    @Test
    void whatNeedNotBeSaidIsEmpty() {
        Answer answer = create(someone().without(List.of("full_name", "age"))).expect(201);

        assertEquals("", answer.json().get("full_name").asString());
        assertTrue(answer.json().get("age").isNull());
    }

    @Test
    void theGuidesNameStandsForUsernameAndFullName() {
        Answer onlyName = app.post("/users", """
                {"name": "Grace", "email": "grace@example.org"}
                """).expect(201);
        Answer both = app.post("/users", """
                {"name": "Barbara", "username": "liskov", "email": "liskov@example.org"}
                """).expect(201);

        assertEquals("Grace", onlyName.json().get("username").asString());
        assertEquals("Grace", onlyName.json().get("full_name").asString());
        assertEquals("liskov", both.json().get("username").asString());
        assertEquals("Barbara", both.json().get("full_name").asString());
    }

    @Test
    void everyMistakeInABodyIsNamedAtOnce() {
        refused(app.post("/users", """
                {"username": "", "email": "nowhere", "full_name": 7, "age": "36", "zip": 1}
                """), "body.age", "body.email", "body.full_name", "body.username", "body.zip");
        refused(app.post("/users", "{}"), "body.email", "body.username");
        app.post("/users", "[]").expect(422);
        app.post("/users", "null").expect(422);
    }

    @Test
    void aUsernameHasOneToFiftyCharacters() {
        create(someone().put("username", "u".repeat(50))).expect(201);
        create(someone().put("username", "u")).expect(201);

        refused(create(someone().put("username", "u".repeat(51))), "body.username");
        refused(create(someone().put("username", "")), "body.username");
        refused(create(someone().put("username", " \t")), "body.username");
        refused(create(someone().putNull("username")), "body.username");
        refused(create(someone().without("username")), "body.username");
        refused(create(someone().without("username").put("name", "u".repeat(51))), "body.name", "body.username");
    }

    @Test
    void anEmailIsOneOfAtMostAHundredCharacters() {
        String hundred = "a@" + "b".repeat(60) + "." + "c".repeat(33) + ".org";

        create(someone().put("email", hundred)).expect(201);

        refused(create(someone().put("email", "x" + hundred)), "body.email");
        refused(create(someone().put("email", "nowhere")), "body.email");
        refused(create(someone().put("email", "")), "body.email");
        refused(create(someone().put("email", "   ")), "body.email");
        refused(create(someone().putNull("email")), "body.email");
        refused(create(someone().without("email")), "body.email");
    }

    @Test
    void aFullNameHasAtMostAHundredCharacters() {
        create(someone().put("full_name", "n".repeat(100))).expect(201);
        create(someone().put("full_name", "")).expect(201);

        refused(create(someone().put("full_name", "n".repeat(101))), "body.full_name");
    }

    @Test
    void anAgeIsFrom0To150() {
        create(someone().put("age", 0)).expect(201);
        create(someone().put("age", 150)).expect(201);
        create(someone().putNull("age")).expect(201);

        refused(create(someone().put("age", -1)), "body.age");
        refused(create(someone().put("age", 151)), "body.age");
        refused(create(someone().put("age", 36.5)), "body.age");
        refused(create(someone().put("age", 1L << 40)), "body.age");
        refused(create(someone().put("age", "36")), "body.age");
        refused(create(someone().put("age", true)), "body.age");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\ud83e", "\\uddf5", "a\\u0000b", "\\uddf5\\ud83e"})
    void whatCannotBeStoredIsRefused(String text) {
        refused(app.post("/users", """
                {"username": "%s", "email": "%s@example.org", "full_name": "%s"}
                """.formatted(text, text, text)), "body.email", "body.full_name", "body.username");
    }

    @Test
    void anyOtherTextIsStoredAsItIs() {
        ObjectNode odd = someone().put("full_name", "\u0001 \u2028 \"\\ Zoe\u0308 Ä 🧵 \uFEFF \uFFFF");

        assertEquals(odd, fields(create(odd).expect(201)));
    }

    @Test
    void aTakenUsernameIsAConflictInWhateverCase() {
        ObjectNode taken = someone().put("username", "Émile");
        create(taken).expect(201);

        conflict("username", create(someone().put("username", "Émile")));
        conflict("username", create(someone().put("username", "éMILE")));
    }

    @Test
    void aTakenEmailIsAConflictInWhateverCase() {
        create(someone().put("email", "Bertha@Example.org")).expect(201);

        conflict("email", create(someone().put("email", "bertha@example.ORG")));
    }

    @Test
    void takingAnothersNameByAChangeIsAConflict() {
        JsonNode first = create(someone()).json();
        JsonNode second = create(someone()).json();

        conflict("username", app.put(at(second), someone().set("username", first.get("username")).toString()));
        conflict("email", app.patch(at(second), "{\"email\": " + first.get("email") + "}"));
        assertEquals(second, app.get(at(second)).json());
    }

    @Test
    void ofManyWhoTakeAUsernameAtOnceOneGetsIt() throws InterruptedException {
        Callable<Integer> take = () -> create(someone().put("username", "wanted")).status();

        List<Integer> statuses = Gather.all(Collections.nCopies(30, take));

        assertEquals(1, Collections.frequency(statuses, 201));
        assertEquals(29, Collections.frequency(statuses, 409));
    }

    @Test
    void usersAreListedByIdAndSkipped() {
        long first = id(create(someone()));
        long second = id(create(someone()));
        int all = app.get("/users?limit=1000").expect(200).json().size();

        JsonNode last = app.get("/users?skip=" + (all - 2) + "&limit=1000").expect(200).json();
        JsonNode one = app.get("/users?skip=" + (all - 2) + "&limit=1").expect(200).json();

        assertEquals(List.of(first, second), last.valueStream().map(user -> user.get("id").asLong()).toList());
        assertEquals(List.of(first), one.valueStream().map(user -> user.get("id").asLong()).toList());
        assertEquals(0, app.get("/users?skip=1000000000").expect(200).json().size());
        assertEquals(0, app.get("/users?skip=2147483647").expect(200).json().size());
    }

    @ParameterizedTest
    @CsvSource({"limit,0", "limit,1001", "limit,-1", "limit,1000000000", "limit,ten", "limit,''", "limit,1.5",
            "skip,-1", "skip,2147483648", "skip,99999999999999999999", "skip,0x1"})
    void aLimitOrSkipOutOfItsRangeIsRefused(String name, String value) {
        refused(app.get("/users?" + name + "=" + value), "query." + name);
        refused(app.get("/async-users?" + name + "=" + value), "query." + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "9223372036854775807", "4611686018427387904"})
    void anIdThatNobodyHasIsNotFound(String id) {
        app.get("/users/" + id).expect(404);
        app.get("/users/" + id + "/profile").expect(404);
        app.put("/users/" + id, someone().toString()).expect(404);
        app.patch("/users/" + id, "{\"age\": 1}").expect(404);
        app.delete("/users/" + id).expect(404);
        app.ask("DELETE", "/users/" + id).header("If-Match", "\"1\"").send().expect(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "9223372036854775808", "abc", "1.0", "%2B1", "%20", "1e3", "١"})
    void whatIsNoIdIsRefused(String id) {
        String encoded = id.replace("١", "%D9%A1");

        refused(app.get("/users/" + encoded), "path.id");
        refused(app.get("/users/" + encoded + "/profile"), "path.id");
        refused(app.put("/users/" + encoded, someone().toString()), "path.id");
        refused(app.patch("/users/" + encoded, "{}"), "path.id");
        refused(app.delete("/users/" + encoded), "path.id");
    }

    @Test
    void replacingAUserReplacesAll() {
        JsonNode before = create(someone()).json();
        ObjectNode body = someone().without(List.of("full_name", "age"));

        Answer after = app.put(at(before), body.toString()).expect(200);

        assertEquals(body.put("full_name", "").putNull("age"), fields(after));
        assertEquals(before.get("id"), after.json().get("id"));
        assertEquals(before.get("created_at"), after.json().get("created_at"));
        assertEquals("\"2\"", after.header("etag").orElseThrow());
        assertEquals(after.json(), app.get(at(before)).json());
    }

    @Test
    void replacingIsCheckedAsCreatingIs() {
        String place = at(create(someone()).json());

        refused(app.put(place, "{\"age\": -1}"), "body.age", "body.email", "body.username");
        refused(app.put(place, someone().put("zip", 1).toString()), "body.zip");
    }

    @Test
    void aPatchChangesWhatItNamesAndKeepsTheRest() {
        ObjectNode body = someone();
        String place = at(create(body).json());

        Answer changed = app.patch(place, "{\"age\": 37}").expect(200);
        Answer cleared = app.patch(place, "{\"age\": null}").expect(200);
        Answer same = app.patch(place, "{}").expect(200);

        assertEquals(body.put("age", 37), fields(changed));
        assertEquals(body.putNull("age"), fields(cleared));
        assertEquals(body, fields(same));
        assertEquals(same.json(), app.get(place).json());
    }

    @Test
    void aPatchMaySayItsOwnMediaType() {
        String place = at(create(someone()).json());

        app.ask("PATCH", place).body("application/merge-patch+json", "{\"age\": 5}".getBytes()).send().expect(200);

        app.ask("PATCH", place).body("text/plain", "{\"age\": 5}".getBytes()).send().expect(415);
    }

    @Test
    void aNameInAPatchStandsForBothNames() {
        String place = at(create(someone()).json());

        Answer both = app.patch(place, "{\"name\": \"Edsger\"}").expect(200);
        Answer one = app.patch(place, "{\"name\": \"E. W.\", \"username\": \"ewd\"}").expect(200);

        assertEquals("Edsger", both.json().get("username").asString());
        assertEquals("Edsger", both.json().get("full_name").asString());
        assertEquals("ewd", one.json().get("username").asString());
        assertEquals("E. W.", one.json().get("full_name").asString());
    }

    @Test
    void aPatchIsRefusedForWhatItWouldMake() {
        JsonNode before = create(someone()).json();

        refused(app.patch(at(before), "{\"username\": null}"), "body.username");
        refused(app.patch(at(before), "{\"email\": null}"), "body.email");
        refused(app.patch(at(before), "{\"age\": 151, \"email\": \"x\"}"), "body.age", "body.email");
        refused(app.patch(at(before), "{\"age\": \"37\"}"), "body.age");
        refused(app.patch(at(before), "{\"full_name\": \"a\\u0000\"}"), "body.full_name");
        refused(app.patch(at(before), "{\"zip\": null}"), "body.zip");
        refused(app.patch(at(before), "{\"id\": 7}"), "body.id");
        app.patch(at(before), "[]").expect(422);
        app.patch(at(before), "{\"age\": 1, \"age\": 2}").expect(400);
        assertEquals(before, app.get(at(before)).json());
    }

    @Test
    void aDeletedUserIsGone() {
        String place = at(create(someone()).json());

        Answer answer = app.delete(place).expect(204);

        assertEquals(0, answer.body().length);
        app.get(place).expect(404);
        app.get(place + "/profile").expect(404);
        app.delete(place).expect(404);
    }

    @Test
    void anUnchangedUserIsNotSentAgain() {
        JsonNode user = create(someone()).json();

        Answer same = app.ask("GET", at(user)).header("If-None-Match", "\"1\"").send();
        Answer listed = app.ask("GET", at(user)).header("If-None-Match", "\"7\", W/\"1\"").send();
        Answer other = app.ask("GET", at(user)).header("If-None-Match", "\"2\"").send();

        assertEquals(304, same.status());
        assertEquals(0, same.body().length);
        assertEquals("\"1\"", same.header("etag").orElseThrow());
        assertEquals(304, listed.status());
        assertEquals(user, other.expect(200).json());
    }

    @Test
    void aStaleTagRefusesEveryKindOfWrite() {
        JsonNode user = create(someone()).json();

        for (String tag : List.of("\"2\"", "W/\"1\"", "1", "\"\"", "\"1\"x", "\"99999999999999999999\"")) {
            app.ask("PUT", at(user)).header("If-Match", tag).json(someone().toString()).send().expect(412);
            app.ask("PATCH", at(user)).header("If-Match", tag).json("{\"age\": 1}").send().expect(412);
            app.ask("DELETE", at(user)).header("If-Match", tag).send().expect(412);
        }

        assertEquals(user, app.get(at(user)).json());
    }

    @Test
    void aCurrentTagAllowsEveryKindOfWrite() {
        String place = at(create(someone()).json());

        app.ask("PUT", place).header("If-Match", "\"1\"").json(someone().toString()).send().expect(200);
        app.ask("PATCH", place).header("If-Match", "\"7\", \"2\"").json("{\"age\": 1}").send().expect(200);
        app.ask("PATCH", place).header("If-Match", "*").json("{\"age\": 2}").send().expect(200);
        app.ask("DELETE", place).header("If-Match", "\"4\"").send().expect(204);
    }

    @Test
    void noUpdateIsLostAmongAHundredWriters() throws InterruptedException {
        String place = at(create(someone().put("age", 0)).json());
        Callable<Integer> write = () -> {
            Answer read = app.get(place).expect(200);
            return app.ask("PATCH", place).header("If-Match", read.header("etag").orElseThrow())
                    .json("{\"age\": " + (read.json().get("age").asInt() + 1) % 151 + "}").send().status();
        };

        List<Integer> statuses = Gather.all(Collections.nCopies(100, write));

        int written = Collections.frequency(statuses, 200);
        Answer last = app.get(place);
        assertTrue(written > 0);
        assertEquals(100, written + Collections.frequency(statuses, 412));
        assertEquals("\"" + (1 + written) + "\"", last.header("etag").orElseThrow());
        assertEquals(written, last.json().get("age").asInt());
    }

    @Test
    void patchesOfDifferentFieldsDoNotUndoEachOther() throws InterruptedException {
        String place = at(create(someone()).json());

        Gather.all(Gather.each(Collections.nCopies(20, "{\"age\": 99}"), patch -> app.patch(place, patch).expect(200)));
        Gather.all(List.of(() -> app.patch(place, "{\"age\": 12}"),
                () -> app.patch(place, "{\"full_name\": \"F\"}"), () -> app.patch(place, "{\"username\": \"Un\"}")));

        JsonNode user = app.get(place).json();
        assertEquals(12, user.get("age").asInt());
        assertEquals("F", user.get("full_name").asString());
        assertEquals("Un", user.get("username").asString());
    }

    @Test
    void theOlderShapeListsUsersInAnEnvelope() {
        create(someone()).expect(201);

        assertEquals(app.get("/users?limit=3").json(), app.get("/async-users?limit=3").expect(200).json().get("users"));
        assertEquals(0, app.get("/async-users?skip=1000000000").expect(200).json().get("users").size());
    }

    @Test
    void theOlderShapeCreatesFromTheQuery() {
        Answer answer = app.ask("POST", "/async-users?name=Tony&email=tony%40example.org").send().expect(201);

        JsonNode user = answer.json().get("user");
        assertEquals("Tony", user.get("username").asString());
        assertEquals("Tony", user.get("full_name").asString());
        assertFalse(answer.json().get("message").asString().isEmpty());
        assertEquals(user, app.get(answer.header("location").orElseThrow()).expect(200).json());
        conflict("username", app.ask("POST", "/async-users?name=TONY&email=t%40example.org").send());
        conflict("email", app.ask("POST", "/async-users?name=T&email=TONY%40example.org").send());
    }

    @Test
    void theOlderShapeNamesItsParameters() {
        refused(app.ask("POST", "/async-users").send(), "query.email", "query.name");
        refused(app.ask("POST", "/async-users?name=x&email=nowhere").send(), "query.email");
        refused(app.ask("POST", "/async-users?name=%20&email=x%40example.org").send(), "query.name");
        refused(app.ask("POST", "/async-users?name=" + "x".repeat(51) + "&email=x%40example.org").send(), "query.name");
        refused(app.ask("POST", "/async-users?name=%00&email=x%40example.org").send(), "query.name");
    }

    /// A body that can be stored, with names that nobody else has.
    private static ObjectNode someone() {
        int number = COUNT.incrementAndGet();
        return new JsonMapper().createObjectNode().put("username", "someone " + number)
                .put("email", "someone" + number + "@example.org").put("full_name", "Some One").put("age", 36);
    }

    private static Answer create(JsonNode body) {
        return app.post("/users", body.toString());
    }

    private static long id(Answer answer) {
        return answer.json().get("id").asLong();
    }

    private static String at(JsonNode user) {
        return "/users/" + user.get("id").asLong();
    }

    /// What of the answered user a caller can say.
    private static JsonNode fields(Answer answer) {
        return ((ObjectNode) answer.json()).without(List.of("id", "created_at"));
    }

    private static void refused(Answer answer, String... places) {
        assertEquals(List.of(places), answer.expect(422).errorPlaces());
    }

    private static void conflict(String field, Answer answer) {
        assertEquals("another user has this " + field, answer.expect(409).json().get("detail").asString());
    }

    @Test
    void anEnormousNumberInAPatchIsRefusedByPlace() {
        long id = app.createUser("enormous");

        assertEquals(List.of("body.age"), app.patch("/users/" + id, "{\"age\": 1e10000}").expect(422).errorPlaces());
        assertEquals(List.of("body.zip"), app.patch("/users/" + id, "{\"zip\": 1e20000}").expect(422).errorPlaces());
    }
}
