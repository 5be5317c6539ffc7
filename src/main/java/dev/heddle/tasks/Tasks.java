package dev.heddle.tasks;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.heddle.claims.Ids;
import dev.heddle.claims.Ledger;
import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.json.Json;
import dev.heddle.runs.RunSettings;
import dev.heddle.runs.Runner;
import dev.heddle.web.Failure;

import tools.jackson.databind.JsonNode;

/// All tasks: made here, run here or on another node, kept for a while when they are finished. Thread-safe.
public final class Tasks implements AutoCloseable {
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

    private static final String FIELDS = """
            id, name, kind, status, progress_current, progress_total, attempts, created_at, started_at, completed_at,
            result, error
            """;

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
        Task made = db.one(ENQUEUE, Tasks::task, Ids.next(), kind.name(), name, task.key(),
                new String(data, StandardCharsets.UTF_8)).orElseThrow();
        db.afterCommit(runner::wake);
        return made;
    }

    private static final String FIND = "select * from tasks where id = ?";

    /// The task with this id; none if there is none, or the text is no id at all.
    public Optional<Task> find(String taskId) {
        return Ids.read(taskId).flatMap(id -> db.one(FIND, Tasks::task, id));
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
