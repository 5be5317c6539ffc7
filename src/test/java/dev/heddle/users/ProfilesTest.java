package dev.heddle.users;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.concurrent.Gather;
import dev.heddle.db.Database;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ProfilesTest {
    private static final int CHANGES = 100;
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start(Map.of("HEDDLE_DB_GATE_QUEUE", "30s"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aProfileIsReadOnceAndThenKept() {
        long id = app.createUser("kept");

        Answer first = app.get("/users/" + id + "/profile").expect(200);
        Answer second = app.get("/users/" + id + "/profile").expect(200);

        assertEquals("MISS", first.header("x-cache").orElseThrow());
        assertEquals("HIT", second.header("x-cache").orElseThrow());
        assertEquals(first.json(), second.json());
        assertEquals(id, first.json().get("user_id").asLong());
        assertEquals("KEPT", first.json().get("name").asString());
        assertEquals(app.get("/users/" + id).json(), first.json().get("data"));
    }

    @Test
    void aKeptProfileIsReadWithoutTheDatabase() {
        long id = app.createUser("remembered");
        JsonNode before = profile(id);

        try (Database db = app.database().open()) {
            db.update("alter table users rename to users_away");
            try {
                assertEquals(before, profile(id));
            } finally {
                db.update("alter table users_away rename to users");
            }
        }
    }

    @Test
    void whoHasNoFullNameIsShownByTheirUsername() {
        long id = app.createUser("short");
        app.patch("/users/" + id, "{\"full_name\": \"\"}").expect(200);

        assertEquals("short", profile(id).get("name").asString());
    }

    @Test
    void everyChangeDropsTheProfile() {
        long id = app.createUser("changing");

        profile(id);
        app.patch("/users/" + id, "{\"age\": 1}").expect(200);
        assertEquals(1, profile(id).get("data").get("age").asInt());

        app.put("/users/" + id, "{\"name\": \"changed\", \"email\": \"changed@example.org\"}").expect(200);
        assertEquals("changed", profile(id).get("name").asString());

        app.delete("/users/" + id).expect(204);
        app.get("/users/" + id + "/profile").expect(404);
    }

    @Test
    void aMissingProfileIsNotRemembered() {
        long next = app.createUser("before") + 1;
        app.get("/users/" + next + "/profile").expect(404);

        assertEquals(next, app.createUser("after"));

        assertEquals("AFTER", profile(next).get("name").asString());
    }

    @Test
    void nobodyReadsAProfileOlderThanAChangeThatWasAnsweredBefore() throws InterruptedException {
        long id = app.createUser("raced");
        app.patch("/users/" + id, "{\"age\": 0}").expect(200);
        var answered = new AtomicInteger();
        var isOver = new AtomicBoolean();
        Callable<Integer> readAll = () -> {
            int hits = 0;
            while (!isOver.get()) {
                int before = answered.get();
                Answer read = app.get("/users/" + id + "/profile").expect(200);
                int age = read.json().get("data").get("age").asInt();
                assertTrue(age >= before, () -> age + " was read after " + before + " was answered");
                hits += read.header("x-cache").orElseThrow().equals("HIT") ? 1 : 0;
            }
            return hits;
        };
        Callable<Integer> change = () -> {
            for (int age = 1; age <= CHANGES; age++) {
                app.patch("/users/" + id, "{\"age\": " + age + "}").expect(200);
                answered.set(age);
            }
            isOver.set(true);
            return 0;
        };

        var calls = new ArrayList<>(List.of(readAll, readAll, readAll, readAll, change));
        List<Integer> hits = Gather.all(calls);

        assertTrue(hits.stream().mapToInt(Integer::intValue).sum() > 0);
        assertEquals(CHANGES, profile(id).get("data").get("age").asInt());
    }

    private static JsonNode profile(long id) {
        return app.get("/users/" + id + "/profile").expect(200).json();
    }
}
