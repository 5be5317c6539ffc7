package dev.heddle.chores;

import static dev.heddle.web.Failure.Kind.CONFLICT;
import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Parameter.from;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.heddle.pages.Cursors;
import dev.heddle.pages.Page;
import dev.heddle.tasks.Task;
import dev.heddle.tasks.Tasks;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What can be asked about tasks.
public final class TaskRoutes {
    private static final Parameter<String> ID = Parameter.segment("task_id", 100, "Which task.");
    private static final Parameter<Optional<String>> NAME = Parameter.optionalText("name", 200,
            "Its name, where the body says none.");
    private static final Parameter<Optional<String>> STATUS = Parameter.optionalText("status", 20,
            "Only those that are pending, running, completed, failed or cancelled.");
    private static final Parameter<Optional<String>> CURSOR = Parameter.optionalText("cursor", 200,
            "The `next_cursor` of the page before.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, from(1, 1_000), "How many at most.");

    private final Tasks tasks;
    private final Cursors cursors;

    public TaskRoutes(Tasks tasks, Cursors cursors) {
        this.tasks = tasks;
        this.cursors = cursors;
    }

    /// How a task stands, in short.
    record TaskStatus(String taskId, Task.Status status, @Nullable Object result) {}

    public List<Route> routes() {
        return List.of(
                Route.post("/tasks", "Have something done in the background.").with(NAME).mayTakeObject(TaskBody.class)
                        .accepts(Task.class).handledBy(this::enqueue),
                Route.get("/tasks", "List tasks, the newest first, page by page.").with(STATUS, CURSOR, LIMIT)
                        .givesPage(Task.class).handledBy(this::list),
                Route.get("/tasks/{task_id}", "Read a task.").with(ID).gives(Task.class).fails(NOT_FOUND)
                        .handledBy(this::find),
                Route.get("/task-status/{task_id}", "Read how a task stands.").with(ID).gives(TaskStatus.class)
                        .fails(NOT_FOUND).handledBy(this::status),
                Route.delete("/tasks/{task_id}", "Cancel a task that is not finished, even if it runs.").with(ID)
                        .gives(Task.class).fails(NOT_FOUND, CONFLICT)
                        .handledBy(request -> tasks.cancel(request.value(ID))),
                Route.post("/tasks/{task_id}/retry", "Begin a failed or cancelled task anew.").with(ID)
                        .accepts(Task.class).fails(NOT_FOUND, CONFLICT).handledBy(this::retry));
    }

    private Reply enqueue(Request request) {
        Optional<ObjectNode> body = request.optionalBody(ObjectNode.class);
        Optional<String> name = request.value(NAME).filter(text -> !text.isEmpty());
        var task = TaskBody.task(body, name, tasks.openKinds());
        try {
            return accepted(tasks.enqueue(task));
        } catch (Failure failure) {
            throw failure.kind() == Failure.Kind.INVALID
                    ? Failure.invalid(TaskBody.placed(failure.errors(), body))
                    : failure;
        }
    }

    private Reply retry(Request request) {
        return accepted(tasks.retry(request.value(ID)));
    }

    private static Reply accepted(Task task) {
        return Reply.of(task).at("/tasks/" + task.taskId());
    }

    private Page<Task> list(Request request) {
        Optional<Task.Status> status = request.value(STATUS).map(TaskRoutes::status);
        Cursors.Scope scope = cursors.scope("tasks " + status);
        int limit = request.value(LIMIT);
        List<Task> found = tasks.list(status, scope.readUuid(request.value(CURSOR)), limit + 1);
        return Page.of(found, limit, last -> scope.after(UUID.fromString(last.taskId())));
    }

    private static Task.Status status(String word) {
        return Arrays.stream(Task.Status.values()).filter(status -> status.word().equals(word)).findFirst()
                .orElseThrow(() -> Failure.invalid(new FieldError(List.of("query", "status"),
                        "must be pending, running, completed, failed or cancelled", "enum")));
    }

    private Task find(Request request) {
        String id = request.value(ID);
        return tasks.find(id).orElseThrow(() -> Tasks.unknown(id));
    }

    private TaskStatus status(Request request) {
        Task task = find(request);
        return new TaskStatus(task.taskId(), task.status(), task.result());
    }
}
