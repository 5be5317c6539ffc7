package dev.heddle.claims;

import java.time.Duration;

import dev.heddle.db.Database;

/// Removes what was finished long ago, some at a time, so that it is in nobody's way.
public final class Sweep {
    private static final int PORTION = 1_000;
    private static final int MOST_PORTIONS = 1_000;

    private final Database db;
    private final Duration keep;

    public Sweep(Database db, Duration keep) {
        this.db = db;
        this.keep = keep;
    }

    // What was completed before that time was made before it, too, and ids follow the time: so the index on status and id
    // leads to the oldest, and the list of statuses makes it three walks instead of one through everything.
    private static final String SWEEP = """
            with bound as (
                select now() - ? * interval '1 millisecond' as time,
                    cast(rpad(lpad(to_hex(cast(extract(epoch from now()) * 1000 as bigint) - ?), 12, '0'), 32, 'f') as uuid) as id
            ), old as (
                select oldest.id from bound cross join unnest(array['completed', 'failed', 'cancelled']) as final (status)
                cross join lateral (
                    select id from tasks
                    where status = final.status and id <= bound.id and completed_at < bound.time
                    order by id
                    limit ?
                    for update skip locked) as oldest
            )
            delete from tasks using old where tasks.id = old.id
            """;

    /// Removes all that was finished longer ago than it is kept; at most some three million tasks.
    public void run() {
        for (int portions = 0; portions < MOST_PORTIONS; portions++) {
            if (db.update(SWEEP, keep.toMillis(), keep.toMillis(), PORTION) < PORTION) {
                return;
            }
        }
    }
}
