package dev.heddle.claims;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;

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
            ), line as (
                select first.task_name, first.task_instance
                from wanted cross join lateral (
                    select * from (
                        select task_name, task_instance from scheduled_tasks
                        where task_name = wanted.kind and not picked and execution_time <= now()
                        order by execution_time
                        limit 1000
                        for update skip locked) as oldest
                    limit wanted.free) as first
            ), due as (
                select line.task_name, line.task_instance
                from line cross join lateral (
                    select id from tasks
                    where id = cast(line.task_instance as uuid) and status in ('pending', 'running')
                    for update skip locked) as free
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
            where tasks.id = cast(lease.task_instance as uuid)
            returning id, name, kind, attempts, failures, attempts - attempts_before - failures - 1 as losses,
                progress_current, progress_total,
                case when octet_length(cast(data as text)) <= 4096 then data end as data, execution_time, version
            """;

    /// Claims the oldest due tasks for `node`, of each kind at most as many as `free` says. Skips what others hold
    /// (PostgreSQL manual, SELECT, "The Locking Clause"), the task's row as well as the lease's: a node that is frozen in a
    /// transaction must not hold up the claims of all the others. Data of over 4 KiB stay behind, see [#data]: what does not
    /// fit into the buffers of a connection whose node is frozen would leave this statement open.
    public List<Leased> claim(Map<String, Integer> free, String node, Instant now) {
        return db.list(CLAIM, Ledger::leased, free.keySet().toArray(String[]::new),
                free.values().stream().map(Integer::longValue).toArray(Long[]::new), node, now);
    }

    private static final String DATA = "select data from tasks where id = ?";

    /// The data of a claimed task, as JSON.
    public String data(Claim claim) {
        return claim.data() != null
                ? claim.data()
                : db.one(DATA, row -> row.text("data"), claim.id())
                        .orElseThrow(() -> new CancellationException("removed"));
    }

    private static final String HOLD = """
            select set_config('idle_in_transaction_session_timeout', '10s', true) as patience from tasks
            where id = ? and attempts = ? and status = 'running'
            for no key update
            """;

    /// Holds the task's row until the end of the current transaction, if it is still this claim's. PostgreSQL ends a
    /// transaction in which nothing is asked for ten seconds: a node that is frozen within it must not hold the task for ever.
    public boolean hold(Claim claim) {
        return db.one(HOLD, row -> row.text("patience"), claim.id(), claim.attempt()).isPresent();
    }

    private static final String PROGRESS = """
            with said as (
                select cast(id as uuid) as id, attempt, current, total
                from unnest(cast(? as text[]), cast(? as bigint[]), cast(? as bigint[]), cast(? as bigint[]))
                    as said (id, attempt, current, total)
            ), own as (
                select tasks.id from tasks join said on said.id = tasks.id
                where attempts = said.attempt and status = 'running'
                for no key update of tasks skip locked
            ), written as (
                update tasks
                set progress_current = said.current, progress_total = said.total
                from said join own on own.id = said.id
                where tasks.id = said.id and said.current >= progress_current
                and said.current * progress_total >= progress_current * said.total
            )
            select id from own
            """;

    /// How far one try has come.
    public record Step(Claim claim, Reached reached) {}

    /// Writes how far these tries have come, where that does not go back and the task is still theirs. Returns whose it was;
    /// a task that some transaction holds is left out, rather than that all wait for it.
    public List<UUID> progress(List<Step> steps) {
        return db.list(PROGRESS, row -> row.uuid("id"),
                steps.stream().map(step -> step.claim.id().toString()).toArray(String[]::new),
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
                row.textOrNull("data"));
        return new Leased(claim, row.instant("execution_time"), row.number("version"));
    }
}
