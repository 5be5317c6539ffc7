package dev.heddle.lab;

import static dev.heddle.upstream.FakeUpstream.hang;
import static dev.heddle.upstream.FakeUpstream.json;
import static dev.heddle.upstream.FakeUpstream.status;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.concurrent.Gather;
import dev.heddle.db.Database;
import dev.heddle.upstream.FakeUpstream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// GitHub is a fake that does what a test says; posts and data come from the lab upstream.
@Timeout(30)
class UpstreamRoutesTest {
    private static final String OCTOCAT = """
            {"login": "octocat", "id": 583231, "avatar_url": "https://avatars.example.org/u/583231", "plan": {"a": 1.50}}""";
    private static final FakeUpstream GITHUB = FakeUpstream.doing(json(OCTOCAT));
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp
                .start(Map.of("HEDDLE_UPSTREAM_GITHUB_URL", GITHUB.address(), "HEDDLE_UPSTREAM_GITHUB_TIMEOUT", "2s",
                        "HEDDLE_UPSTREAM_GITHUB_IN_FLIGHT", "10"));
    }

    @AfterAll
    static void stop() throws IOException {
        app.close();
        GITHUB.close();
    }

    @BeforeEach
    void githubIsWell() {
        GITHUB.turn(json(OCTOCAT));
    }

    @Test
    void passesOnWhatGithubSays() {
        assertEquals(TestApp.parsed(OCTOCAT), app.get("/github/octocat").expect(200).json());
    }

    @Test
    void anAccountThatIsNotThereIsNotFound() {
        GITHUB.turn(status("404 Not Found", "{}"));
        assertEquals("github has no user nobody", detail(app.get("/github/nobody").expect(404)));

        int asked = GITHUB.requests();
        app.get("/github/-not-a-login").expect(404);
        app.get("/github/a.b").expect(404);
        app.get("/github/" + "x".repeat(40)).expect(422);
        assertEquals(asked, GITHUB.requests());
    }

    @Test
    void aBrokenUpstreamIsABadGateway() {
        GITHUB.turn(status("500 Internal Server Error", "secret"));

        Answer answer = app.get("/github/octocat").expect(502);

        assertEquals("github answers 500", detail(answer));
        assertFalse(answer.text().contains("secret"));
    }

    @Test
    void anUpstreamThatKeepsBeingSlowIsLeftAlone() {
        try (TestApp hasty = TestApp.start(Map.of("HEDDLE_UPSTREAM_GITHUB_URL", GITHUB.address(),
                "HEDDLE_UPSTREAM_GITHUB_TIMEOUT", "20ms"))) {
            GITHUB.turn(hang());
            for (int i = 0; i < 20; i++) {
                assertEquals("github did not answer within 20 ms", detail(hasty.get("/fetch-data").expect(504)));
            }

            assertEquals("5", hasty.get("/fetch-data").expect(503).header("retry-after").orElseThrow());
            assertTrue(hasty.get("/metrics").text().contains("upstream_github_open 1.0"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fetch-multiple", "/concurrent-fetch", "/task-group"})
    void readsThreeAccountsAtOnce(String path) throws InterruptedException {
        GITHUB.turn(FakeUpstream.together(3, json(OCTOCAT)));

        JsonNode answer = app.get(path).expect(200).json();

        assertEquals(3, (answer.isArray() ? answer : answer.get("results")).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/fetch-multiple", "/concurrent-fetch", "/task-group"})
    void theFirstFailureCancelsTheRest(String path) throws InterruptedException {
        int before = GITHUB.requests();
        GITHUB.turn((number, socket) -> (number == before + 3 ? status("500 No", "") : hang()).answer(number, socket));

        assertEquals("github answers 500", detail(app.get(path).expect(502)));

        GITHUB.awaitHangUps(2);
    }

    @Test
    void readsAPostAndSomeData() {
        assertEquals(1, app.get("/external-data").expect(200).json().get("id").asInt());
        assertEquals("lab", app.get("/external-api").expect(200).json().get("source").asString());
    }

    @Test
    void makesAHundredCallsAtMostTenAtOnce() {
        JsonNode answer = app.get("/concurrent-with-limit").expect(200).json();

        assertEquals(100, answer.get("count").asInt());
        int peak = answer.get("peak").asInt();
        assertTrue(peak > 1 && peak <= 10, () -> "peak " + peak);
    }

    @Test
    void requestsThatWaitForDifferentThingsDoNotWaitForEachOther() throws InterruptedException {
        long id = app.createItem("slow");
        int before = GITHUB.requests();
        var othersAreAnswered = new CountDownLatch(2);
        GITHUB.turn(FakeUpstream.after(othersAreAnswered, json(OCTOCAT)));
        Callable<Answer> upstream = () -> app.get("/github/octocat");
        Callable<Answer> database = () -> whileOneIsAsked(before, "/items/" + id, othersAreAnswered);
        Callable<Answer> here = () -> whileOneIsAsked(before, "/async?ms=1", othersAreAnswered);
        try (Database db = app.database().open()) {
            db.update("alter table items rename to quick_items");
            db.update("create view items as select quick_items.* from quick_items, pg_sleep(0.2)");
            try {
                Gather.all(List.of(upstream, database, here)).forEach(answer -> answer.expect(200));
            } finally {
                db.update("drop view items");
                db.update("alter table quick_items rename to items");
            }
        }
    }

    private static Answer whileOneIsAsked(int before, String path, CountDownLatch answered) {
        await().until(() -> GITHUB.requests() > before);
        Answer answer = app.get(path);
        answered.countDown();
        return answer;
    }

    @Test
    void mergesThreeApisAndTellsWhichOneFailed() {
        JsonNode whole = app.get("/merge").expect(200).json();
        GITHUB.turn(status("500 Internal Server Error", ""));
        JsonNode partial = app.get("/merge").expect(200).json();

        assertEquals("octocat", whole.get("github").get("login").asString());
        assertEquals("github answers 500", partial.get("github").get("error").asString());
        assertEquals(whole.get("posts"), partial.get("posts"));
        assertEquals(whole.get("external"), partial.get("external"));
    }

    @Test
    void aMergeEndsWithTheTimeOfItsCaller() {
        GITHUB.turn(hang());

        app.ask("GET", "/merge").header("X-Timeout-Ms", "50").send().expect(504);
    }

    @Test
    void anOverviewHoldsUsersAndAccounts() {
        long id = app.createUser("overseer");

        JsonNode users = app.get("/overview").expect(200).json().get("users");
        GITHUB.turn(status("500 Internal Server Error", ""));
        JsonNode without = app.get("/overview").expect(200).json();

        assertEquals(TestApp.parsed("""
                {"id": %d, "name": "overseer", "github": false, "avatar": null}""".formatted(id)), users.get(0));
        assertEquals(TestApp.parsed("""
                {"id": 583231, "name": "octocat", "github": true, "avatar": "https://avatars.example.org/u/583231"}"""),
                users.get(2));
        assertEquals(1, without.get("total_users").asInt());
    }

    @Test
    void aHangingUpstreamHarmsNobodyElse() throws InterruptedException {
        GITHUB.turn(hang());
        Callable<Integer> hanging = () -> app.get("/github/octocat").status();
        List<Thread> callers = Collections.nCopies(200, hanging).stream()
                .map(call -> Thread.ofVirtual().start(() -> assertUnavailable(call))).toList();
        await().until(() -> app.get("/metrics").text().contains("upstream_github_in_flight 10.0"));

        List<Integer> others = Gather.limit(10).all(Collections.nCopies(100, () -> {
            long start = System.nanoTime();
            app.get("/async?ms=0").expect(200);
            return (int) Duration.ofNanos(System.nanoTime() - start).toMillis();
        }));

        assertTrue(others.stream().mapToInt(Integer::intValue).max().orElseThrow() < 1_000, others::toString);
        for (Thread caller : callers) {
            assertTrue(caller.join(Duration.ofSeconds(10)));
        }
    }

    private static void assertUnavailable(Callable<Integer> call) {
        try {
            int status = call.call();
            assertTrue(status == 503 || status == 504, () -> "status " + status);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String detail(Answer answer) {
        return answer.json().get("detail").asString();
    }
}
