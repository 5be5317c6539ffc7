package dev.heddle.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.db.TestDatabase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class UserSearchTest {
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hild", "HILDE", "gard@", "GARD@EXAMPLE", "von bin", "Bingen", "h", "🧵", "ÄRG", "ärger",
            "%", "_", "\\", "50%_\\", "İ", "ΟΔΟΣ", "d", "e\u0301", "'"})
    void aPartOfAnyColumnFindsAUserInAnyCase(String part) {
        long id = createOnce("hildegard", "Von Bingen 🧵 Ärger 50%_\\ İ ΟΔΟΣ e\u0301 '");

        assertTrue(ids(search(part)).contains(id), part);
    }

    @ParameterizedTest
    @ValueSource(strings = {"50_", "5%0", "h%d", "_ildegard", "\\%", "%%", "50%\\_", "hildegarden", " hildegard"})
    void thePatternsOfSqlAreNothingSpecial(String part) {
        long id = createOnce("hildegard", "Von Bingen 🧵 Ärger 50%_\\ İ ΟΔΟΣ e\u0301 '");

        assertFalse(ids(search(part)).contains(id), part);
    }

    @Test
    void anAnswerIsKeptForAWhile() {
        createOnce("keeper", "Keeper");

        Answer first = search("keepe").expect(200);
        createOnce("keeper2", "Keeper");
        Answer second = search("keepe").expect(200);
        Answer otherLimit = app.get("/users/search?q=keepe&limit=19").expect(200);

        assertEquals("MISS", first.header("x-cache").orElseThrow());
        assertEquals("HIT", second.header("x-cache").orElseThrow());
        assertEquals(first.json(), second.json());
        assertEquals("MISS", otherLimit.header("x-cache").orElseThrow());
        assertEquals(2, otherLimit.json().get("items").size());
    }

    @Test
    void aWalkMeetsEachUserOnce() {
        var created = new ArrayList<Long>();
        for (int i = 10; i < 35; i++) {
            created.add(createOnce("walker" + i, "W"));
        }

        var met = new ArrayList<Long>();
        JsonNode page = app.get("/users/search?q=walker&limit=10").expect(200).json();
        met.addAll(ids(page));
        while (page.get("has_more").asBoolean()) {
            page = app.get("/users/search?q=walker&limit=10&cursor=" + page.get("next_cursor").asString()).expect(200)
                    .json();
            met.addAll(ids(page));
        }

        assertEquals(created, met);
        assertTrue(page.get("next_cursor").isNull());
    }

    @Test
    void aCursorThatIsNotOfThisSearchIsUnreadable() {
        createOnce("cursor1", "C");
        createOnce("cursor2", "C");
        app.createItem("one");
        app.createItem("two");
        String cursor = next(app.get("/users/search?q=cursor&limit=1"));
        String ofItems = next(app.get("/items?limit=1"));

        app.get("/users/search?q=cursor&cursor=" + cursor).expect(200);
        app.get("/users/search?q=cursor&limit=7&cursor=" + cursor).expect(200);

        app.get("/users/search?q=curso&cursor=" + cursor).expect(400);
        app.get("/users/search?q=cursor&cursor=" + cursor.substring(1)).expect(400);
        app.get("/users/search?q=cursor&cursor=" + cursor.substring(0, 31)).expect(400);
        app.get("/users/search?q=cursor&cursor=" + (cursor.startsWith("A") ? "B" : "A") + cursor.substring(1))
                .expect(400);
        app.get("/users/search?q=cursor&cursor=" + ofItems).expect(400);
        app.get("/users/search?q=cursor&cursor=").expect(400);
        app.get("/items?cursor=" + cursor).expect(400);
    }

    @ParameterizedTest
    @CsvSource({"'',query.q", "?q=,query.q", "?q=a&limit=0,query.limit", "?q=a&limit=1001,query.limit",
            "?q=%00,query.q", "?limit=x,query.limit query.q"})
    void aQuestionOutOfItsBoundsIsRefused(String query, String places) {
        assertEquals(List.of(places.split(" ")), app.get("/users/search" + query).expect(422).errorPlaces());
    }

    @Test
    void aQuestionHasAtMostAHundredCharacters() {
        search("q".repeat(100)).expect(200);
        app.get("/users/search?q=a&limit=1000").expect(200);

        assertEquals(List.of("query.q"), search("q".repeat(101)).expect(422).errorPlaces());
    }

    @Test
    void theTrigramIndexServesTheSearch() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            database.open();
            try (Connection connection = DriverManager.getConnection(database.jdbcUrl());
                    Statement statement = connection.createStatement()) {
                statement.execute("""
                        insert into users (username, email, full_name)
                        select 'u' || md5(cast(n as text)), md5(cast(-n as text)) || '@example.org', 'Full Name ' || n
                          from generate_series(1, 20000) as n
                        """);
                statement.execute("vacuum analyze users");
                connection.setAutoCommit(false);
                statement.execute(Users.PLAN_EACH);
                statement.execute("prepare search (text, text, text, bigint, integer) as " + numbered(Users.SEARCH));

                // After the fifth time PostgreSQL might settle for a plan that holds for every pattern.
                for (int i = 0; i < 7; i++) {
                    String rare = plan(statement, "execute search ('%c4ca4%', '%c4ca4%', '%c4ca4%', 0, 21)");
                    assertTrue(rare.contains("users_search_idx"), rare);
                }
                String frequent = plan(statement, "execute search ('%example%', '%example%', '%example%', 0, 21)");
                assertTrue(frequent.contains("users_pkey"), frequent);
            }
        }
    }

    private static String numbered(String sql) {
        int number = 1;
        while (sql.contains("?")) {
            sql = sql.replaceFirst("[?]", "\\$" + number++);
        }
        return sql;
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        var plan = new StringBuilder();
        try (ResultSet rows = statement.executeQuery("explain " + sql)) {
            while (rows.next()) {
                plan.append(rows.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }

    private static long createOnce(String username, String fullName) {
        String body = new JsonMapper().createObjectNode().put("username", username)
                .put("email", username + "@example.org").put("full_name", fullName).toString();
        Answer answer = app.post("/users", body);
        return answer.status() == 409
                ? ids(app.get("/users/search?q=" + username)).getFirst()
                : answer.expect(201).json().get("id").asLong();
    }

    private static Answer search(String part) {
        return app.get("/users/search?limit=1000&q="
                + URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"));
    }

    private static List<Long> ids(Answer answer) {
        return ids(answer.expect(200).json());
    }

    private static List<Long> ids(JsonNode page) {
        return page.get("items").valueStream().map(user -> user.get("id").asLong()).toList();
    }

    private static String next(Answer answer) {
        return answer.expect(200).json().get("next_cursor").asString();
    }
}
