package dev.heddle.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitRoutesTest {
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
    void answersTenTimesAndThenSaysWhenToComeBack() {
        for (int remaining = 9; remaining >= 0; remaining--) {
            Answer answer = ask("ada").expect(200);
            assertEquals("Success", answer.json().get("message").asString());
            assertEquals(Optional.of("10"), answer.header("ratelimit-limit"));
            assertEquals(Optional.of(String.valueOf(remaining)), answer.header("ratelimit-remaining"));
            assertTrue(seconds(answer, "ratelimit-reset") >= 1 && seconds(answer, "ratelimit-reset") <= 60);
        }

        Answer refused = ask("ada").expect(429);
        assertEquals(Optional.of("application/problem+json"), refused.header("content-type"));
        assertEquals("Too Many Requests", refused.json().get("title").asString());
        assertEquals(Optional.of("10"), refused.header("ratelimit-limit"));
        assertEquals(Optional.of("0"), refused.header("ratelimit-remaining"));
        assertEquals(refused.header("ratelimit-reset"), refused.header("retry-after"));
        assertTrue(seconds(refused, "retry-after") >= 1 && seconds(refused, "retry-after") <= 60);
    }

    @Test
    void countsEachClientForItself() {
        for (int i = 0; i < 10; i++) {
            ask("grace").expect(200);
        }

        ask("grace").expect(429);
        ask("alan").expect(200);
    }

    @Test
    void countsWhoSaysNoIdByAddress() {
        for (int i = 0; i < 10; i++) {
            app.get("/api/limited").expect(200);
        }

        app.get("/api/limited").expect(429);
        ask("127.0.0.1").expect(200);
        ask("peer:127.0.0.1").expect(200);
    }

    @Test
    void takesAnIdOfAsManyCharactersAsItMayAndNotOneMore() {
        ask("x".repeat(128)).expect(200);

        assertEquals(List.of("header.X-Client-ID"), ask("x".repeat(129)).expect(422).errorPlaces());
        ask("").expect(422);
    }

    @Test
    void letsEachAddressAskForEverythingTogetherAsOftenAsTheSettingsSay() {
        Map<String, String> settings = Map.of("HEDDLE_RATE_LIMIT_PER_CLIENT", "true", "HEDDLE_RATE_LIMIT_REQUESTS",
                "5");
        try (TestApp limited = TestApp.start(settings)) {
            // The first of five was for the documentation, when the test's client started.
            assertEquals(Optional.of("3"), limited.get("/users").expect(200).header("ratelimit-remaining"));
            assertEquals(Optional.of("2"), limited.get("/nowhere").expect(404).header("ratelimit-remaining"));
            limited.post("/users", "{}").expect(422);
            limited.ask("OPTIONS", "/users").send().expect(204);

            Answer refused = limited.get("/users").expect(429);

            assertEquals(Optional.of("5"), refused.header("ratelimit-limit"));
            assertTrue(seconds(refused, "retry-after") <= 60);
            limited.get("/nowhere").expect(429);
            for (String path : List.of("/health/live", "/health/ready", "/metrics", "/db-pool-status", "/running")) {
                assertEquals(Optional.empty(), limited.get(path).expect(200).header("ratelimit-limit"));
            }
        }
    }

    @Test
    void limitsNoAddressUnlessToldTo() {
        for (int i = 0; i < 150; i++) {
            assertEquals(Optional.empty(), app.get("/users").expect(200).header("ratelimit-limit"));
        }
    }

    private static Answer ask(String client) {
        return app.ask("GET", "/api/limited").header("X-Client-ID", client).send();
    }

    private static int seconds(Answer answer, String header) {
        return Integer.parseInt(answer.header(header).orElseThrow());
    }
}
