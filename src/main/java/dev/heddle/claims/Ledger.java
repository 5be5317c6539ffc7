package dev.heddle.claims;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.heddle.claims.Claim.Reached;
import dev.heddle.db.Database;
import dev.heddle.db.Row;

/// What is written of tasks while they run. Each change is one statement over both tables, and is made only for who owns
/// the task's last attempt.
public final class Ledger {
    private final Database db;

    public Ledger(Database db) {
        this.db = db;
    }

    /// A claimed task with its lease: when it was due, and the lease's version.
    public record Leased(Claim claim, Instant due, long version) {}

    private static final String CLAIM = """
            with wanted as (
                select kind, free from unnest(cast(? as text[]), cast(? as bigint[])) as wanted (kind, free)
            ), due as (
                select first.task_name, first.task_instance
                from wanted cross join lateral (
                    select task_name, task_instance from scheduled_tasks
                    where task_name = wanted.kind and not picked and execution_time <= now()
                    order by execution_time
                    limit wanted.free
                    for update skip locked) as first
            ), lease as (
                update scheduled_tasks
                set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1
                from due
                where scheduled_tasks.task_name = due.task_name
                and scheduled_tasks.task_instance = due.task_instance
                returning scheduled_tasks.task_instance, scheduled_tasks.execution_time, scheduled_tasks.version
            )
            update tasks
            set status = 'running', attempts = attempts + 1, started_at = coalesce(started_at, now())
            from lease
            where tasks.id = cast(lease.task_instance as uuid) and status in ('pending', 'running')
            returning id, name, kind, attempts, failures, attempts - attempts_before - failures - 1 as losses,
                progress_current, progress_total, data, execution_time, version
            """;

    /// Claims the oldest due tasks for `node`, of each kind at most as many as `free` says. Skips what others hold
    /// (PostgreSQL manual, SELECT, "The Locking Clause").
    public List<Leased> claim(Map<String, Integer> free, String node, Instant now) {
        return db.list(CLAIM, Ledger::leased, free.keySet().toArray(String[]::new),
                free.values().stream().map(Integer::longValue).toArray(Long[]::new), node, now);
    }

    private static final String HOLD = """
            select attempts from tasks
            where id = ? and attempts = ? and status = 'running'
            for no key update
            """;

    /// Holds the task's row until the end of the current transaction, if it is still this claim's.
    public boolean hold(Claim claim) {
        return db.one(HOLD, row -> row.integer("attempts"), claim.id(), claim.attempt()).isPresent();
    }

    private static final String PROGRESS = """
            update tasks
            set progress_current = said.current, progress_total = said.total
            from unnest(cast(? as text[]), cast(? as bigint[]), cast(? as bigint[]), cast(? as bigint[]))
                as said (id, attempt, current, total)
            where tasks.id = cast(said.id as uuid) and attempts = said.attempt and status = 'running'
            and said.current >= progress_current
            and said.current * progress_total >= progress_current * said.total
            """;

    /// How far one try has come.
    public record Step(Claim claim, Reached reached) {}

    /// Writes how far these tries have come, where that does not go back and the task is still theirs.
    public void progress(List<Step> steps) {
        db.update(PROGRESS, steps.stream().map(step -> step.claim.id().toString()).toArray(String[]::new),
                steps.stream().map(step -> (long) step.claim.attempt()).toArray(Long[]::new),
                steps.stream().map(step -> step.reached.current()).toArray(Long[]::new),
                steps.stream().map(step -> step.reached.total()).toArray(Long[]::new));
    }

    /// What can change of a task, as others see it.
    public record Glance(UUID id, String status, int attempt, int failures, long current) {}

    private static final String LOOK = """
            select id, status, attempts, failures, progress_current from tasks
            where id = any(cast(cast(? as text[]) as uuid[]))
            """;

    public List<Glance> look(Collection<UUID> ids) {
        return db.list(LOOK, row -> new Glance(row.uuid("id"), row.text("status"), row.integer("attempts"),
                row.integer("failures"), row.number("progress_current")),
                (Object) ids.stream().map(UUID::toString).toArray(String[]::new));
    }

    private static final String WAITING = """
            select count(*) as waiting from (select 1 from scheduled_tasks where not picked limit 100000) as counted
            """;

    /// How many tasks wait to be run, on any node; counts up to 100,000.
    public long waiting() {
        return db.one(WAITING, row -> row.number("waiting")).orElseThrow();
    }

    private static Leased leased(Row row) {
        var claim = new Claim(row.uuid("id"), row.text("name"), row.text("kind"), row.integer("attempts"),
                row.integer("failures"), row.integer("losses"),
                new Reached(row.number("progress_current"), row.number("progress_total")),
                row.text("data"));
        return new Leased(claim, row.instant("execution_time"), row.number("version"));
    }
}
