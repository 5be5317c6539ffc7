package dev.heddle.tasks;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.heddle.claims.Ids;
import dev.heddle.claims.Ledger;
import dev.heddle.concurrent.Deadline;
import dev.heddle.db.ConstraintViolation;
import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.gates.Unavailable;
import dev.heddle.json.Json;
import dev.heddle.runs.Changes;
import dev.heddle.runs.RunSettings;
import dev.heddle.runs.Runner;
import dev.heddle.web.Failure;

import tools.jackson.databind.JsonNode;

/// All tasks: made here, run here or on another node, kept for a while when they are finished. Thread-safe.
public final class Tasks implements AutoCloseable {
    private static final UUID LAST = new UUID(-1, -1);
    private static final int MOST_LISTED_BYTES = 8 << 10;
    private static final int MOST_TRIES = 10;

    private final Database db;
    private final Map<String, Kind<?>> kinds;
    private final Runner runner;

    private Tasks(Database db, RunSettings settings, List<Kind<?>> kinds) {
        this.db = db;
        this.kinds = kinds.stream().collect(Collectors.toUnmodifiableMap(Kind::name, Function.identity()));
        this.runner = new Runner(db, settings,
                kinds.stream().map(kind -> new Attempt<>(kind).skill(one -> new Run(db, this, one))).toList());
    }

    /// Starts to run tasks of `kinds`; what is of other kinds is left to other nodes.
    ///
    /// @throws IllegalStateException if two kinds have one name
    public static Tasks start(Database db, RunSettings settings, List<Kind<?>> kinds) {
        var tasks = new Tasks(db, settings, kinds);
        tasks.runner.start();
        return tasks;
    }

    private static final String ENQUEUE = """
            with task as (
                insert into tasks (id, kind, name, unique_key, data)
                values (?, ?, ?, ?, cast(? as json))
                on conflict (kind, unique_key) where unique_key is not null and status in ('pending', 'running')
                do nothing
                returning *
            ), lease as (
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                select kind, cast(id as text), now(), false, 1 from task
            )
            select * from task
            """;

    /// Makes a task, to be run as soon as the transaction that the caller has begun is committed, or at once if there is
    /// none. Returns the unfinished task that has its key already, if there is one.
    ///
    /// @throws Failure                  if its data are a JSON tree that is not what the kind wants, with all that is wrong
    /// @throws IllegalArgumentException if its kind is not known here
    public Task enqueue(NewTask task) {
        Kind<?> kind = Optional.ofNullable(kinds.get(task.kind()))
                .orElseThrow(() -> new IllegalArgumentException("no kind of task is called " + task.kind()));
        byte[] data = Json.write(task.data());
        if (task.data() instanceof JsonNode) {
            Json.bind(data, kind.data());
        }
        String name = task.name() == null ? kind.name() : task.name();
        UUID id = Ids.next();
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Optional<Task> made = db.one(ENQUEUE, Tasks::task, id, kind.name(), name, task.key(),
                    new String(data, StandardCharsets.UTF_8));
            if (made.isPresent()) {
                db.afterCommit(runner::wake);
                return made.get();
            }
            Optional<Task> holder = db.one(HOLDER, Tasks::task, kind.name(), task.key());
            if (holder.isPresent()) {
                return holder.get();
            }
            // Who held the key has just been finished, so the key is free.
        }
        throw new Unavailable("tasks with this key come and go too fast", Duration.ofSeconds(1));
    }

    private static final String HOLDER = """
            select * from tasks where kind = ? and unique_key = ? and status in ('pending', 'running')
            """;

    private static final String FIND = "select * from tasks where id = ?";

    /// The task with this id; none if there is none, or the text is no id at all.
    public Optional<Task> find(String taskId) {
        return Ids.read(taskId).flatMap(id -> db.one(FIND, Tasks::task, id));
    }

    private static final String LIST = """
            select id, name, kind, status, progress_current, progress_total, attempts, created_at, started_at,
                completed_at, case when octet_length(cast(result as text)) <= ? then result end as result, error
            from tasks where id < ? order by id desc limit ?
            """;

    private static final String LIST_BY_STATUS = """
            select id, name, kind, status, progress_current, progress_total, attempts, created_at, started_at,
                completed_at, case when octet_length(cast(result as text)) <= ? then result end as result, error
            from tasks where status = ? and id < ? order by id desc limit ?
            """;

    /// At most `limit` tasks, of one status only if it is given, the newest first; those older than the one with the id
    /// `before`, if that is given. A result of over 8 KiB is left out.
    public List<Task> list(Optional<Task.Status> status, Optional<UUID> before, int limit) {
        UUID end = before.orElse(LAST);
        return status.isEmpty()
                ? db.list(LIST, Tasks::task, MOST_LISTED_BYTES, end, limit)
                : db.list(LIST_BY_STATUS, Tasks::task, MOST_LISTED_BYTES, status.get().word(), end, limit);
    }

    private static final String CANCEL = """
            with task as (
                update tasks set status = 'cancelled', completed_at = now()
                where id = ? and status in ('pending', 'running')
                returning *
            ), lease as (
                delete from scheduled_tasks using task
                where task_name = task.kind and task_instance = cast(task.id as text)
            )
            select * from task
            """;

    /// Cancels a task that is not finished: from now on it changes nothing any more, and what runs of it, on whatever node,
    /// is interrupted within the time that the setting `tasks.watch` says. A cancelled one stays as it is.
    ///
    /// @throws Failure if there is no such task, or it is completed or failed
    public Task cancel(String taskId) {
        UUID id = Ids.read(taskId).orElseThrow(() -> unknown(taskId));
        Task task = db.one(CANCEL, Tasks::task, id).orElseGet(() -> found(taskId));
        if (task.status() != Task.Status.CANCELLED) {
            throw Failure.conflict("task " + taskId + " is " + task.status().word() + " already");
        }
        db.afterCommit(() -> runner.cancelled(id));
        return task;
    }

    private static final String RETRY = """
            with task as (
                update tasks
                set status = 'pending', attempts_before = attempts, failures = 0, progress_current = 0,
                    progress_total = 0, started_at = null, completed_at = null, error = null
                where id = ? and status in ('failed', 'cancelled')
                returning *
            ), lease as (
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
                select kind, cast(id as text), now(), false, 1 from task
            )
            select * from task
            """;

    /// Begins a failed or cancelled task anew, as if it had never been tried; only its attempts are counted on.
    ///
    /// @throws Failure if there is no such task, it is in another state, or an unfinished one has its key meanwhile
    public Task retry(String taskId) {
        UUID id = Ids.read(taskId).orElseThrow(() -> unknown(taskId));
        try {
            Task task = db.one(RETRY, Tasks::task, id).orElseThrow(() -> Failure.conflict(
                    "task " + taskId + " is " + found(taskId).status().word() + ", not failed or cancelled"));
            db.afterCommit(() -> runner.renewed(id));
            return task;
        } catch (ConstraintViolation e) {
            if (e.constraint().equals("tasks_unique_key_key")) {
                throw Failure.of(Failure.Kind.CONFLICT, "another task of the same key is not finished yet", e);
            }
            throw e;
        }
    }

    /// Waits until a task is not as it was `seen`, for at most `patience`, and says how it is then; at once if it has
    /// changed before. What happens on this node is seen at once, what happens elsewhere within `tasks.watch`.
    ///
    /// @return the task as it is now, or nothing if it has not changed
    /// @throws Failure                        if it has been removed
    /// @throws dev.heddle.gates.Unavailable   if changes of ten thousand other tasks are waited for already
    public Optional<Task> awaitChange(Task seen, Duration patience) throws InterruptedException {
        Deadline end = Deadline.in(patience);
        try (Changes.Seat seat = runner.changes().seat(UUID.fromString(seen.taskId()))) {
            while (true) {
                long told = seat.count();
                Task now = found(seen.taskId());
                if (!now.equals(seen)) {
                    return Optional.of(now);
                }
                if (!seat.awaitMoreThan(told, end.nanosLeft())) {
                    return Optional.empty();
                }
            }
        }
    }

    private Task found(String taskId) {
        return find(taskId).orElseThrow(() -> unknown(taskId));
    }

    /// The failure of asking for a task that is not there.
    public static Failure unknown(String taskId) {
        return Failure.notFound(Ids.read(taskId).map(id -> "task " + id + " does not exist")
                .orElse("there is no such task"));
    }

    /// The kinds that callers may ask for, by name.
    public List<String> openKinds() {
        return kinds.values().stream().filter(kind -> !kind.isInternal()).map(Kind::name).sorted().toList();
    }

    /// How many tasks wait to be run, on any node.
    public long waiting() {
        return runner.waiting();
    }

    /// Claims no more tasks; what runs goes on.
    public void pause() {
        runner.pause();
    }

    /// How many tasks this node runs now.
    public int running() {
        return runner.running();
    }

    /// Claims no more tasks, lets those under way end for a while, interrupts the rest and hands it back.
    @Override
    public void close() {
        runner.close();
    }

    Ledger ledger() {
        return runner.ledger();
    }

    private static Task task(Row row) {
        String result = row.textOrNull("result");
        return new Task(row.uuid("id").toString(), row.text("name"), row.text("kind"),
                Task.Status.of(row.text("status")),
                Task.Progress.of(row.number("progress_current"), row.number("progress_total")),
                row.integer("attempts"), row.instant("created_at"), row.instantOrNull("started_at"),
                row.instantOrNull("completed_at"), result == null ? null : parsed(result), row.textOrNull("error"));
    }

    private static JsonNode parsed(String json) {
        return Json.readBack(json.getBytes(StandardCharsets.UTF_8), JsonNode.class);
    }
}
