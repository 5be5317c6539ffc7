package dev.heddle.tasks;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.heddle.db.Database;
import dev.heddle.db.TestDatabase;
import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.jdbc.PoolSettings;
import dev.heddle.runs.RunSettings;
import dev.heddle.settings.Settings;

/// A database of its own, and nodes that run tasks on it, with waits that suit a test.
final class Desk implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestDatabase database = TestDatabase.create();
    // A busy machine must not make anybody be turned away before the pool.
    final Database db = database.open(new DatabaseSettings(database.jdbcUrl(), "", "", new PoolSettings(12, 1,
            Duration.ofHours(1), Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30)),
            Duration.ofSeconds(30)));

    /// Settings with small waits, and these in their place: `HEDDLE_TASKS_POLL` and its sisters.
    static RunSettings settings(Map<String, String> changed) {
        var environment = new HashMap<>(Map.of("HEDDLE_TASKS_POLL", "50ms", "HEDDLE_TASKS_HEARTBEAT", "250ms",
                "HEDDLE_TASKS_WATCH", "50ms", "HEDDLE_TASKS_PROGRESS", "20ms", "HEDDLE_TASKS_BACKOFF", "10ms",
                "HEDDLE_TASKS_GRACE", "200ms"));
        environment.putAll(changed);
        return RunSettings.read(Settings.read(Path.of("no-such-file.yaml"), environment).page("tasks"));
    }

    /// A node that knows these kinds; whoever starts it closes it.
    Tasks node(Kind<?>... kinds) {
        return node(Map.of(), kinds);
    }

    Tasks node(Map<String, String> settings, Kind<?>... kinds) {
        return Tasks.start(db, settings(settings), List.of(kinds));
    }

    /// Waits until the task is as wanted, and says how it is then.
    static Task awaitTask(Tasks tasks, Task task, Predicate<Task> wanted) {
        return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10))
                .until(() -> tasks.find(task.taskId()).orElseThrow(), wanted);
    }

    static Task awaitEnd(Tasks tasks, Task task) {
        return awaitTask(tasks, task, each -> each.status().isFinal());
    }

    /// Where the database is.
    String jdbcUrl() {
        return database.jdbcUrl();
    }

    @Override
    public void close() {
        database.close();
    }
}
