package dev.heddle.users;

import static dev.heddle.upstream.FakeUpstream.json;
import static dev.heddle.upstream.FakeUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.List;
import java.util.Map;

import dev.heddle.TestApp;
import dev.heddle.upstream.FakeUpstream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AvatarsTest {
    private static final FakeUpstream GITHUB = FakeUpstream.doing(json("{}"));
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start(Map.of("HEDDLE_UPSTREAM_GITHUB_URL", GITHUB.address()));
    }

    @AfterAll
    static void stop() throws IOException {
        app.close();
        GITHUB.close();
    }

    @BeforeEach
    void nobodyIsThere() {
        app.get("/users").json().forEach(user -> app.delete("/users/" + user.get("id").asLong()).expect(204));
        GITHUB.requestLines().clear();
    }

    @Test
    void isTheOneOfTheLoginThatIsTheUsernameInLowerCase() {
        app.createUser("Ada");
        GITHUB.turn(json("{\"avatar_url\": \"https://avatars.example.org/ada\"}"));

        assertEquals(List.of("https://avatars.example.org/ada"), avatars());
        assertEquals("GET /users/ada HTTP/1.1", GITHUB.requestLines().poll());
    }

    @Test
    void isThereOnlyIfAskedFor() {
        app.createUser("bob");

        assertFalse(app.get("/users").expect(200).json().get(0).has("avatar"));
    }

    @Test
    void allAreAskedForAtOnce() {
        List.of("c1", "c2", "c3").forEach(app::createUser);
        GITHUB.turn(FakeUpstream.together(3, json("{\"avatar_url\": \"a\"}")));

        assertEquals(List.of("a", "a", "a"), avatars());
    }

    @Test
    void isNullWhereGithubFailsAndIsAskedForAgain() {
        app.createUser("d1");
        GITHUB.turn(status("500 Internal Server Error", ""));
        assertEquals(List.of("null"), avatars());

        GITHUB.turn(json("{\"avatar_url\": \"a\"}"));

        assertEquals(List.of("a"), avatars());
    }

    @Test
    void isKeptAndThatThereIsNoneAsWell() {
        app.createUser("e1");
        app.createUser("e_2");
        GITHUB.turn(status("404 Not Found", "{}"));

        assertEquals(List.of("null", "null"), avatars());
        assertEquals(List.of("null", "null"), avatars());

        assertEquals(1, GITHUB.requestLines().size());
    }

    @Test
    void areForAHundredUsersAtMost() {
        app.get("/users?include=github&limit=100").expect(200);
        assertEquals(List.of("query.limit"), app.get("/users?include=github&limit=101").expect(422).errorPlaces());
        assertEquals(List.of("query.include"), app.get("/users?include=gitlab").expect(422).errorPlaces());
    }

    @Test
    void endWithTheTimeOfTheCaller() {
        app.createUser("f1");
        GITHUB.turn(FakeUpstream.hang());

        app.ask("GET", "/users?include=github").header("X-Timeout-Ms", "100").send().expect(504);
    }

    private static List<String> avatars() {
        return app.get("/users?include=github").expect(200).json().valueStream()
                .map(user -> user.get("avatar").asString("null")).toList();
    }
}
