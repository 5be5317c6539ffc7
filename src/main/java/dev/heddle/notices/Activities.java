package dev.heddle.notices;

import java.util.List;
import java.util.UUID;

import dev.heddle.db.Database;
import dev.heddle.db.Row;

/// The log of what was done, in the database: the newest 100,000 entries.
final class Activities {
    static final int MOST = 100_000;

    private final Database db;

    Activities(Database db) {
        this.db = db;
    }

    private static final String WRITE = """
            insert into activity (task_id, entry) values (?, ?)
            on conflict on constraint activity_task_id_key do nothing
            returning id, entry, created_at
            """;
    private static final String FORGET = "delete from activity where id <= ?";

    /// Writes what the task says; only once, however often it is tried.
    void write(UUID taskId, String entry) {
        db.one(WRITE, Activities::activity, taskId, entry)
                .ifPresent(written -> db.update(FORGET, written.id() - MOST));
    }

    private static final String LIST = """
            select id, entry, created_at from activity where id < ? order by id desc limit ?
            """;

    /// At most `limit` entries, the newest first, with an id under `before`.
    List<Activity> list(long before, int limit) {
        return db.list(LIST, Activities::activity, before, limit);
    }

    private static Activity activity(Row row) {
        return new Activity(row.number("id"), row.text("entry"), row.instant("created_at"));
    }
}
