package dev.heddle.tasks;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.heddle.db.Database;
import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.jdbc.PoolSettings;

/// A node as a process of its own, which can be killed and frozen. It runs tasks of the kind `steps`: each makes some effects,
/// one after the other, and goes on after the last one that was made before.
///
/// A try remembers where it is, as work does that has read something: one that was frozen meanwhile would make the effects
/// of the next try once more, were it let.
public final class StepsNode {
    static final int STEPS = 5;

    record Pace(int millis) {}

    private StepsNode() {
    }

    /// Arguments: where the database is, and the milliseconds between two heartbeats.
    static void main(String[] arguments) throws Exception {
        var settings = new DatabaseSettings(arguments[0], "", "", new PoolSettings(10, 1, Duration.ofHours(1),
                Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(30)), Duration.ofSeconds(30));
        Database db = Database.open(settings, arguments[0]);
        Tasks.start(db, Desk.settings(Map.of("HEDDLE_TASKS_HEARTBEAT", arguments[1] + "ms")), List.of(kind(db)));
        System.out.println("ready");
        // Until its parent is gone, or kills it.
        System.in.read();
        System.exit(0);
    }

    static Kind<Pace> kind(Database db) {
        return new Kind<>("steps", Pace.class, new Rules(8, 1, Duration.ofMinutes(5)), (pace, run) -> {
            int done = db.one("select coalesce(max(step), 0) as done from effects where task = ?",
                    row -> row.integer("done"), run.taskId()).orElseThrow();
            // Its try before may have been killed between the effect and the note of it.
            run.progress(done, STEPS);
            for (int step = done + 1; step <= STEPS; step++) {
                Thread.sleep(pace.millis());
                int now = step;
                run.inTransaction(tx -> db.update("insert into effects (task, step) values (?, ?)", run.taskId(), now));
                run.progress(step, STEPS);
            }
            return null;
        });
    }
}
