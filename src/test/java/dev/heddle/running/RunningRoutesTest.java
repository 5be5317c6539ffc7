package dev.heddle.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import dev.heddle.TestApp;
import dev.heddle.db.Database;
import dev.heddle.upstream.FakeUpstream;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// What the whole server shows of its own routes.
@Timeout(60)
class RunningRoutesTest {
    private static final FakeUpstream GITHUB = FakeUpstream.doing(FakeUpstream.json("{}"));
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

    @Test
    void showsARequestWithItsThreeCallsUntilTheyAreDone() throws InterruptedException {
        var signal = new CountDownLatch(1);
        GITHUB.turn(FakeUpstream.after(signal, FakeUpstream.json("{}")));
        Thread caller = Thread.ofVirtual().start(() -> app.ask("GET", "/fetch-multiple?token=secret")
                .header("X-Request-Id", "three-calls").header("X-Timeout-Ms", "20000").send().expect(200));

        JsonNode request = patiently().until(() -> running("/fetch-multiple"), RunningRoutesTest::hasThreeReading);

        assertEquals("three-calls", request.get("id").asString());
        assertEquals("GET", request.get("method").asString());
        assertTimes(request, 20);
        assertTrue(frames(request).contains("dev.heddle.lab.UpstreamRoutes.users("), request::toString);
        assertEquals(3, request.get("calls_in_flight").asInt());
        for (JsonNode call : request.get("calls")) {
            assertEquals("github", call.get("gathering").asString());
            assertTimes(call, 20);
            assertTrue(frames(call).contains("dev.heddle.upstream.Github.user("), call::toString);
        }
        signal.countDown();
        assertTrue(caller.join(Duration.ofSeconds(20)));
        patiently().until(() -> running("/fetch-multiple").isMissingNode());
    }

    @Test
    void showsThatAStatementWaitsAndForWhom() throws InterruptedException {
        long id = app.createUser("locked");
        var caller = new AtomicReference<Thread>();
        try (Database database = app.database().open()) {
            database.inTransaction(_ -> {
                database.update("update users set full_name = 'Locked' where id = ?", id);
                caller.set(Thread.ofVirtual().start(() -> app.delete("/users/" + id).expect(204)));

                JsonNode request = patiently().until(() -> running("/users/" + id),
                        found -> frames(found).contains("org.postgresql."));

                assertTrue(frames(request).contains("dev.heddle.users.Users."), request::toString);
                return null;
            });
        }
        assertTrue(caller.get().join(Duration.ofSeconds(20)));
    }

    @Test
    void refusesALimitThatIsOutOfBounds() {
        app.get("/running?limit=1").expect(200);
        app.get("/running?limit=100").expect(200);
        for (String limit : List.of("0", "101", "-1", "many")) {
            assertEquals(List.of("query.limit"), app.get("/running?limit=" + limit).expect(422).errorPlaces());
        }
    }

    /// A loaded machine needs longer than the usual ten seconds.
    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }

    private static boolean hasThreeReading(JsonNode request) {
        return request.path("calls").valueStream()
                .filter(call -> frames(call).contains("dev.heddle.calls.Connection.read(")).count() == 3;
    }

    private static void assertTimes(JsonNode node, double deadline) {
        double age = node.get("age_seconds").asDouble();
        double left = node.get("time_left_seconds").asDouble();
        assertTrue(age >= 0 && left > 0 && left <= deadline, node::toString);
    }

    private static JsonNode running(String path) {
        return app.get("/running").expect(200).json().get("requests").valueStream()
                .filter(request -> request.get("path").asString().equals(path)).findFirst()
                .orElse(app.get("/running").json().path("nothing"));
    }

    private static String frames(JsonNode node) {
        return node.path("frames").toString();
    }
}
