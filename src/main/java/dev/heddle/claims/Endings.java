package dev.heddle.claims;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import dev.heddle.claims.Claim.Reached;
import dev.heddle.db.Database;

import org.jspecify.annotations.Nullable;

/// Writes how tries ended, each in one statement over the task and its lease, and only for who owns the last attempt.
public final class Endings {
    private static final int MOST_DOUBLINGS = 20;

    private final Database db;
    private final Duration backoff;
    private final Duration longestBackoff;

    /// What failed once is tried again after about `backoff`, which doubles with each failure up to `longestBackoff`.
    public Endings(Database db, Duration backoff, Duration longestBackoff) {
        this.db = db;
        this.backoff = backoff;
        this.longestBackoff = longestBackoff;
    }

    /// Writes the end of a try that has come as far as `reached`; after `tries` failures there is no other. False if the
    /// task was not the claim's any more, so that nothing is written.
    public boolean write(Claim claim, Reached reached, Ending ending, int tries) {
        return switch (ending) {
            case Ending.Completed(var result) -> finish(claim, reached, "completed", result, null);
            case Ending.Failed(var error, var isFinal) -> isFinal || claim.failures() + 1 >= tries
                    ? finish(claim, reached, "failed", null, error)
                    : release(claim, reached, error, delay(claim.failures()));
            case Ending.Interrupted() -> release(claim, reached, null, Duration.ZERO);
        };
    }

    private static final String FINISH = """
            with task as (
                update tasks
                set status = said.status, completed_at = now(), result = said.result, error = said.error,
                    failures = tasks.failures + case said.status when 'failed' then 1 else 0 end,
                    progress_total = greatest(progress_total, said.total),
                    progress_current = case said.status when 'completed' then greatest(progress_total, said.total)
                        else greatest(progress_current, said.current) end
                from (values (cast(? as text), cast(? as json), cast(? as text), cast(? as bigint), cast(? as bigint)))
                    as said (status, result, error, current, total)
                where id = ? and attempts = ? and tasks.status = 'running'
                returning id, kind
            )
            delete from scheduled_tasks using task
            where task_name = task.kind and task_instance = cast(task.id as text)
            """;

    // What is completed has come to its end, even if the work never said how far that is.
    private boolean finish(Claim claim, Reached reached, String status, @Nullable String result,
            @Nullable String error) {
        long total = error == null ? Math.max(1, reached.total()) : reached.total();
        return db.update(FINISH, status, result, error, reached.current(), total, claim.id(), claim.attempt()) == 1;
    }

    private static final String RELEASE = """
            with task as (
                update tasks
                set status = 'pending', error = coalesce(said.error, tasks.error),
                    failures = failures + case when said.error is null then 0 else 1 end,
                    progress_total = greatest(progress_total, said.total),
                    progress_current = greatest(progress_current, said.current)
                from (values (cast(? as text), cast(? as bigint), cast(? as bigint))) as said (error, current, total)
                where id = ? and attempts = ? and status = 'running'
                returning id, kind
            )
            update scheduled_tasks
            set picked = false, picked_by = null, last_heartbeat = null, version = version + 1,
                execution_time = now() + ? * interval '1 millisecond'
            from task
            where task_name = task.kind and task_instance = cast(task.id as text)
            """;

    private boolean release(Claim claim, Reached reached, @Nullable String error, Duration delay) {
        return db.update(RELEASE, error, reached.current(), reached.total(), claim.id(), claim.attempt(),
                delay.toMillis()) == 1;
    }

    /// Up to half as much more or less, so that what failed together is not tried together.
    private Duration delay(int failures) {
        long longest = longestBackoff.toMillis();
        double doubled = backoff.toMillis() * Math.pow(2, Math.min(failures, MOST_DOUBLINGS));
        double scattered = Math.min(longest, doubled) * ThreadLocalRandom.current().nextDouble(0.5, 1.5);
        return Duration.ofMillis(Math.min(longest, Math.round(scattered)));
    }
}
