package dev.heddle.users;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UserRoutesTest {
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
    void creatingAUserSaysWhereItIs() {
        Answer answer = app.post("/users", """
                {"username": "ada", "email": "ada@example.org", "full_name": "Ada Lovelace", "age": 36}
                """).expect(201);

        String place = answer.header("location").orElseThrow();
        assertEquals(answer.json(), app.get(place).expect(200).json());
        assertEquals("\"1\"", answer.header("etag").orElseThrow());
    }

    @Test
    void everyMistakeInABodyIsNamedAtOnce() {
        Answer answer = app.post("/users", """
                {"username": "", "email": "nowhere", "full_name": 7, "age": "36", "zip": 1}
                """).expect(422);

        assertEquals(List.of("body.age", "body.email", "body.full_name", "body.username", "body.zip"),
                answer.errorPlaces());
    }
}
