package dev.heddle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;

import dev.heddle.redis.TestRedis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two nodes on one database and one Redis.
@Timeout(60)
class NodesTest {
    private static TestRedis redis;
    private static TestApp here;
    private static TestApp there;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        Map<String, String> settings = Map.of("HEDDLE_REDIS_URL", redis.url(), "HEDDLE_REDIS_TIMEOUT", "2s");
        here = TestApp.start(settings);
        there = here.startNode(settings);
    }

    @AfterAll
    static void stop() {
        there.close();
        here.close();
        redis.close();
    }

    @Test
    void shareWhatAClientMayAsk() {
        for (int i = 0; i < 5; i++) {
            limited(here).expect(200);
            limited(there).expect(200);
        }

        assertEquals(Optional.of("0"), limited(here).expect(429).header("ratelimit-remaining"));
        limited(there).expect(429);
    }

    @Test
    void shareProfiles() {
        long id = here.createUser("shared");

        // The creation left a mark, which keeps it out of Redis for half a minute.
        redis.clear();
        Answer first = profile(here, id).expect(200);
        Answer second = profile(there, id).expect(200);

        assertEquals(Optional.of("MISS"), first.header("x-cache"));
        assertEquals(Optional.of("HIT"), second.header("x-cache"));
        assertEquals(first.json(), second.json());
    }

    @Test
    void shareSearches() {
        here.createUser("sought");
        Answer first = here.get("/users/search?q=sought").expect(200);
        Answer second = there.get("/users/search?q=sought").expect(200);

        assertEquals(Optional.of("MISS"), first.header("x-cache"));
        assertEquals(Optional.of("HIT"), second.header("x-cache"));
        assertEquals(first.json(), second.json());
    }

    @Test
    void seeAChangeOfTheOtherAtOnceOrASecondLater() {
        long id = here.createUser("changing");
        profile(there, id).expect(200);

        here.patch("/users/" + id, "{\"age\": 90}").expect(200);

        assertEquals(90, age(here, id));
        await().until(() -> age(there, id) == 90);
    }

    @Test
    void seeWhomTheOtherCreated() {
        long next = here.createUser("before") + 1;
        profile(there, next).expect(404);

        here.createUser("after");

        profile(here, next).expect(200);
        await().until(() -> profile(there, next).status() == 200);
    }

    private static Answer limited(TestApp node) {
        return node.ask("GET", "/api/limited").header("X-Client-ID", "ada").send();
    }

    private static Answer profile(TestApp node, long id) {
        return node.get("/users/" + id + "/profile");
    }

    private static int age(TestApp node, long id) {
        return profile(node, id).expect(200).json().get("data").get("age").asInt();
    }
}
