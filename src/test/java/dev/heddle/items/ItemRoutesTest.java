package dev.heddle.items;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ItemRoutesTest {
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
    void creatingAnItemSaysWhereItIs() {
        Answer answer = app.post("/items", """
                {"name": "Shuttle", "description": "Carries the weft.", "price": 12.5}
                """).expect(201);

        assertEquals("Shuttle", answer.json().get("name").asString());
        assertEquals("Carries the weft.", answer.json().get("description").asString());
        assertEquals(answer.json(), app.get(answer.header("location").orElseThrow()).expect(200).json());
    }

    @ParameterizedTest
    @CsvSource({"0,0.00", "0.00,0.00", "-0.0,0.00", "12.5,12.50", "12.50,12.50", "9999999999.99,9999999999.99",
            "1e2,100.00", "1E-2,0.01", "1e9,1000000000.00", "0.1,0.10"})
    void aPriceComesOutPlainWithTwoDecimals(String in, String out) {
        Answer answer = app.post("/items", priced(in)).expect(201);

        // To read the number would lose how it was written, which is what is promised.
        assertTrue(answer.text().contains("\"price\":" + out + ","), answer::text);
        assertTrue(app.get(answer.header("location").orElseThrow()).text().contains("\"price\":" + out + ","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10000000000", "9999999999.999", "0.001", "12.500", "-0.01", "-1", "1e10", "1e400",
            "1e-400", "1e999999999", "1e-999999999", "\"12.50\"", "\"\"", "true", "null", "[]", "{}", "\"NaN\""})
    void aPriceThatIsNoAmountIsRefused(String price) {
        Answer answer = app.post("/items", priced(price)).expect(422);

        assertTrue(answer.errorPlaces().getFirst().startsWith("body.price"), answer::text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "01", "+1", ".5", "1.", "0x1", "1,5", "--1", ""})
    void aPriceThatIsNoJsonIsUnreadable(String price) {
        app.post("/items", priced(price)).expect(400);
    }

    @Test
    void aNameHasOneToTwoHundredCharacters() {
        create("n".repeat(200), "").expect(201);
        create("n", "").expect(201);
        create(" ", "").expect(201);

        refused(create("n".repeat(201), ""), "body.name");
        refused(create("", ""), "body.name");
        refused(app.post("/items", "{\"name\": null, \"price\": 1}"), "body.name");
        refused(app.post("/items", "{\"name\": 7, \"price\": 1}"), "body.name");
    }

    @Test
    void aDescriptionHasAtMostTwoThousandCharactersAndNeedNotBe() {
        create("x", "d".repeat(2_000)).expect(201);

        assertEquals("", app.post("/items", priced("1")).expect(201).json().get("description").asString());
        refused(create("x", "d".repeat(2_001)), "body.description");
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        refused(app.post("/items", "{}"), "body.name", "body.price");
        refused(app.post("/items", "{\"name\": \"\\ud800\", \"description\": \"\\u0000\", \"price\": -1, \"id\": 7}"),
                "body.description", "body.id", "body.name", "body.price");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "9223372036854775807"})
    void anIdThatNothingHasIsNotFound(String id) {
        app.get("/items/" + id).expect(404);
        app.put("/items/" + id, priced("1")).expect(404);
        app.delete("/items/" + id).expect(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "9223372036854775808", "abc", "1.0"})
    void whatIsNoIdIsRefused(String id) {
        refused(app.get("/items/" + id), "path.id");
        refused(app.put("/items/" + id, priced("1")), "path.id");
        refused(app.delete("/items/" + id), "path.id");
    }

    @Test
    void replacingAnItemReplacesAll() {
        JsonNode before = create("before", "described").expect(201).json();
        String place = "/items/" + before.get("id").asLong();

        JsonNode after = app.put(place, "{\"name\": \"after\", \"price\": 2}").expect(200).json();

        assertEquals("after", after.get("name").asString());
        assertEquals("", after.get("description").asString());
        assertEquals(before.get("created_at"), after.get("created_at"));
        assertEquals(after, app.get(place).json());
        refused(app.put(place, "{\"name\": \"\", \"price\": -1}"), "body.name", "body.price");
        assertEquals(after, app.get(place).json());
    }

    @Test
    void aDeletedItemIsGone() {
        String place = "/items/" + app.createItem("fleeting");

        app.delete(place).expect(204);

        app.get(place).expect(404);
        app.delete(place).expect(404);
        app.put(place, priced("1")).expect(404);
    }

    @Test
    void theGuidesCommonParameterIsSaidBack() {
        assertEquals("a b", app.get("/items/?q=a%20b").expect(200).json().get("q").asString());
        assertTrue(app.get("/items/").expect(200).json().get("q").isNull());
        assertEquals("", app.get("/items/?q=").expect(200).json().get("q").asString());
        refused(app.get("/items/?q=" + "q".repeat(201)), "query.q");
        assertTrue(app.get("/items?q=a").expect(200).json().has("items"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1001", "-1", "1000000000", "x", ""})
    void aLimitOutOfItsRangeIsRefused(String limit) {
        refused(app.get("/items?limit=" + limit), "query.limit");
    }

    @Test
    void aLimitIsFromOneToAThousand() {
        createAll("limited", 1_001);

        assertEquals(1, size(app.get("/items?limit=1")));
        assertEquals(1_000, size(app.get("/items?limit=1000")));
        assertEquals(20, size(app.get("/items")));
    }

    @Test
    void aCursorThatIsNotOfThisListIsUnreadable() {
        app.createItem("one");
        app.createItem("two");
        app.createUser("cursor1");
        app.createUser("cursor2");
        String cursor = app.get("/items?limit=1").json().get("next_cursor").asString();
        String ofUsers = app.get("/users/search?q=cursor&limit=1").json().get("next_cursor").asString();

        app.get("/items?cursor=" + cursor).expect(200);

        for (String forged : List.of(ofUsers, cursor.substring(1), cursor.substring(0, 31), cursor + "A", "", "%20",
                (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1), "x".repeat(200))) {
            app.get("/items?cursor=" + forged).expect(400);
        }
        refused(app.get("/items?cursor=" + "x".repeat(201)), "query.cursor");
    }

    @Test
    void aBatchStoresAllOfTenThousand() {
        int before = count();

        assertEquals(10_000, createAll("batch", 10_000).get("inserted").asInt());

        assertEquals(before + 10_000, count());
    }

    @Test
    void aBatchOfMoreThanTenThousandIsTooLarge() {
        int before = count();

        app.post("/batch-insert", batch("batch", 10_001)).expect(413);

        assertEquals(before, count());
    }

    @Test
    void oneBadElementKeepsTheWholeBatchOut() {
        int before = count();

        refused(app.post("/batch-insert", "[%s, %s, {\"name\": \"x\", \"price\": -1}]".formatted(priced("1"),
                priced("2"))), "body.2.price");
        refused(app.post("/batch-insert",
                "[%s, {\"name\": \"\", \"price\": \"1\", \"zip\": 1}]".formatted(priced("1"))),
                "body.1.name", "body.1.price", "body.1.zip");
        app.post("/batch-insert", "[%s, null]".formatted(priced("1"))).expect(422);
        app.post("/batch-insert", "{}").expect(422);
        app.post("/batch-insert", "[" + priced("1")).expect(400);

        assertEquals(before, count());
    }

    @Test
    void anEmptyBatchStoresNothing() {
        assertEquals(0, app.post("/batch-insert", "[]").expect(200).json().get("inserted").asInt());
    }

    private static Answer create(String name, String description) {
        return app.post("/items", new JsonMapper().createObjectNode().put("name", name)
                .put("description", description).put("price", 1).toString());
    }

    private static JsonNode createAll(String name, int count) {
        return app.post("/batch-insert", batch(name, count)).expect(200).json();
    }

    private static String batch(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> "{\"name\":\"" + name + i + "\",\"price\":" + i + ".25}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String priced(String price) {
        return "{\"name\": \"priced\", \"price\": " + price + "}";
    }

    private static int count() {
        return (int) app.get("/items/export").expect(200).text().lines().count();
    }

    private static int size(Answer answer) {
        return answer.expect(200).json().get("items").size();
    }

    private static void refused(Answer answer, String... places) {
        assertEquals(List.of(places), answer.expect(422).errorPlaces());
    }

    @Test
    void aNumberThatFewBytesSayAndGigabytesWouldWriteIsRefused() {
        for (String price : List.of("1e2147483647", "12e2147483646", "1e-2147483647", "1e1001", "1e10000")) {
            app.post("/items", "{\"name\": \"a\", \"price\": " + price + "}").expect(422);
            app.post("/batch-insert", "[{\"name\": \"a\", \"price\": " + price + "}]").expect(422);
        }
    }
}
