package dev.heddle.lab;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Handlers on two platform threads, save those that choose.
@Timeout(30)
class PlatformThreadsTest {
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start(Map.of("HEDDLE_THREADS_KIND", "platform", "HEDDLE_THREADS_PLATFORM_POOL_SIZE", "2"));
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void someRoutesKeepTheirKindOfThread() {
        assertEquals("a virtual thread waited", message("/async?ms=0"));
        assertEquals("a virtual thread waited", message("/non-blocking-operation?ms=0"));
        assertEquals("a platform thread waited", message("/sync?ms=0"));
        assertEquals("a platform thread waited", message("/blocking-operation?ms=0"));
        assertEquals(49_999_995_000_000L, app.get("/sync-data").expect(200).json().get("result").asLong());
        app.get("/async-data?ms=0").expect(200);
    }

    @Test
    void theOthersDoTheSameAsOnVirtualThreads() {
        long id = app.createUser("platform");

        assertEquals("platform", app.get("/users/" + id).expect(200).json().get("username").asString());
        app.get("/users/0").expect(422);
        app.get("/users/" + Integer.MAX_VALUE).expect(404);
        app.get("/github/nobody").expect(404);
        assertEquals(3, app.get("/fetch-multiple").expect(200).json().size());
        assertEquals(100, app.get("/concurrent-with-limit").expect(200).json().get("count").asInt());
        app.createItem("platform");
        app.get("/items/export").expect(200);
    }

    @Test
    void asManyWaitAtOnceAsThereAreThreads() throws InterruptedException {
        long start = System.nanoTime();
        List<Thread> callers = IntStream.range(0, 4)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> app.get("/sync?ms=300").expect(200))).toList();
        await().until(() -> app.get("/async?ms=0").status() == 200);

        for (Thread caller : callers) {
            assertTrue(caller.join(Duration.ofSeconds(10)));
        }

        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertTrue(millis >= 600, () -> "took " + millis + " ms");
    }

    @Test
    void aWaitEndsWithTheTimeOfItsCaller() {
        app.ask("GET", "/sync").header("X-Timeout-Ms", "50").send().expect(504);
        app.ask("GET", "/compare").header("X-Timeout-Ms", "50").send().expect(504);
    }

    private static String message(String path) {
        return app.get(path).expect(200).json().get("message").asString();
    }
}
