package dev.heddle.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.UUID;

import dev.heddle.db.Database;
import dev.heddle.db.TestDatabase;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ActivitiesTest {
    private static final TestDatabase DATABASE = TestDatabase.create();
    private static final Database DB = DATABASE.open();
    private static final Activities ACTIVITIES = new Activities(DB);

    @AfterAll
    static void close() {
        DATABASE.close();
    }

    @Test
    void theNewestHundredThousandEntriesAreKept() {
        DB.update("insert into activity (task_id, entry) select gen_random_uuid(), 'old' from generate_series(1, ?)",
                Activities.MOST);
        long oldest = DB.one("select min(id) as id from activity", row -> row.number("id")).orElseThrow();

        ACTIVITIES.write(UUID.randomUUID(), "new");

        assertEquals(Activities.MOST,
                DB.one("select count(*) as n from activity", row -> row.integer("n")).orElseThrow());
        assertEquals("new", ACTIVITIES.list(Long.MAX_VALUE, 1).getFirst().entry());
        assertEquals(List.of(), ACTIVITIES.list(oldest + 1, 1), "the oldest made room");
    }

    @Test
    void aTaskWritesItsEntryOnceHoweverOftenItIsTried() {
        UUID task = UUID.randomUUID();

        ACTIVITIES.write(task, "first");
        ACTIVITIES.write(task, "second");

        assertEquals(1, DB.one("select count(*) as n from activity where task_id = ?", row -> row.integer("n"), task)
                .orElseThrow());
    }
}
