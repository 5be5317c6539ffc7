package dev.heddle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Every task that was acknowledged is done, though the whole server is killed with tasks under way.
class TasksKilledTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int KILLS = IS_FULL ? 20 : 2;
    private static final int TASKS_EACH = 40;
    // Short enough that what a killed server left is found soon by the next.
    private static final Map<String, String> SETTINGS = Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_SERVER_GRACE",
            "500ms",
            "HEDDLE_TASKS_HEARTBEAT", "300ms", "HEDDLE_TASKS_GRACE", "200ms");

    @TempDir
    private static Path folder;

    @Test
    void whatWasAcceptedIsDoneAfterEachKill() throws Exception {
        var journal = new ArrayList<String>();

        for (int kills = 0; kills < KILLS; kills++) {
            try (ServerProcess server = ServerProcess.start(folder, SETTINGS)) {
                URI address = server.address();
                for (int i = 0; i < TASKS_EACH; i++) {
                    journal.add(accepted(server, address, i % 2 == 0 ? 100 : 1));
                }
            }
        }

        try (ServerProcess server = ServerProcess.start(folder, SETTINGS)) {
            URI address = server.address();
            for (String id : journal) {
                JsonNode done = await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(
                        () -> server.get(address, "/tasks/" + id).expect(200).json(),
                        task -> !task.get("completed_at").isNull());
                assertEquals("completed", done.get("status").asString(), done.toString());
            }
            List<JsonNode> again = server.get(address, "/tasks?status=completed&limit=1000").json().get("items")
                    .valueStream().filter(task -> task.get("attempts").asInt() > 1).toList();
            assertEquals(false, again.isEmpty(), "no task was under way when the server was killed");
            server.stop();
            server.exitCode();
        }
    }

    private static String accepted(ServerProcess server, URI address, int stageMillis) throws Exception {
        String json = "{\"kind\": \"simulate\", \"data\": {\"stage_ms\": " + stageMillis + "}}";
        return server.post(address, "/tasks", json).expect(202).json().get("task_id").asString();
    }
}
