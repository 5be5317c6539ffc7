package dev.heddle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

import dev.heddle.files.Multipart;
import dev.heddle.formats.TestPictures;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The server killed in the midst of pictures: each is worked on to its end all the same, and who asked is told once.
@Timeout(1_800)
class PictureKillTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int KILLS = IS_FULL ? 20 : 2;
    private static final int PICTURES = IS_FULL ? 40 : 4;
    private static final Duration PATIENCE = Duration.ofMinutes(IS_FULL ? 10 : 2);
    private static final Map<String, String> SETTINGS = Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_SERVER_GRACE",
            "500ms",
            "HEDDLE_TASKS_HEARTBEAT", "500ms", "HEDDLE_TASKS_POLL", "100ms", "HEDDLE_TASKS_GRACE", "500ms");
    private static final String OPERATIONS = """
            [{"type": "rotate", "angle": 7}, {"type": "rotate", "angle": -7}, {"type": "thumbnail", "size": 64}]""";

    @TempDir
    private Path folder;

    @Test
    void everyPictureIsDoneAndEveryLetterIsAskedForOnceThoughTheServerIsKilled() throws Exception {
        List<JsonNode> made = new ArrayList<>();
        for (int kill = 0; kill < KILLS; kill++) {
            try (ServerProcess server = ServerProcess.start(folder, SETTINGS)) {
                URI address = server.address();
                while (made.isEmpty()) {
                    upload(server, address, made);
                }
                await().atMost(PATIENCE).until(() -> isAnyRunning(server, address));
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(Duration.ofMillis(700).toNanos()));
            }
        }
        try (ServerProcess server = ServerProcess.start(folder, SETTINGS)) {
            URI address = server.address();
            for (JsonNode each : made) {
                JsonNode task = await().atMost(PATIENCE).until(
                        () -> server.get(address, "/tasks/" + each.get("task_id").asString()).expect(200).json(),
                        now -> now.get("completed_at").isString());
                assertEquals("completed", task.get("status").asString(), task::toString);
                byte[] result = server.get(address, "/files/" + each.get("file_id").asString() + "/result").expect(200)
                        .body();
                assertEquals(64, TestPictures.decoded(result).getWidth());
            }
            JsonNode tasks = server.get(address, "/tasks?limit=1000").expect(200).json().get("items");
            assertEquals(PICTURES, count(tasks, "process-image"));
            assertEquals(PICTURES, count(tasks, "send-email"));
            System.out.println(PICTURES + " pictures over " + KILLS + " kills: "
                    + tasks.valueStream().filter(task -> task.get("attempts").asInt() > 1).count()
                    + " tasks were begun more than once");
            assertTrue(tasks.valueStream().anyMatch(task -> task.get("attempts").asInt() > 1));
            server.stop();
            server.exitCode();
        }
    }

    private static void upload(ServerProcess server, URI address, List<JsonNode> made) throws Exception {
        byte[] form = Multipart.of(TestPictures.jpeg(2_000, 1_500)).operations(OPERATIONS)
                .text("notify", "ada@example.org").bytes();
        for (int i = 0; i < PICTURES; i++) {
            made.add(server.post(address, "/files", Multipart.TYPE, form).expect(202).json());
        }
    }

    private static boolean isAnyRunning(ServerProcess server, URI address) throws Exception {
        return server.get(address, "/tasks?status=running").expect(200).json().get("items").valueStream()
                .anyMatch(task -> task.get("kind").asString().equals("process-image"));
    }

    private static long count(JsonNode tasks, String kind) {
        return tasks.valueStream().filter(task -> task.get("kind").asString().equals(kind)).count();
    }
}
