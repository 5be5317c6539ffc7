package dev.heddle.chores;

import static dev.heddle.web.Parameter.from;

import java.util.List;
import java.util.Optional;

import dev.heddle.gates.CpuPool;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.NewTask;
import dev.heddle.tasks.Task;
import dev.heddle.tasks.Tasks;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Kinds of work that anybody can have done, and the short ways to ask for them.
public final class Chores {
    private static final Parameter<Integer> N = Parameter.count("n", Heavy.USUAL, from(0, Heavy.MOST),
            "Below which number to add up.");
    private static final Parameter<Optional<String>> DATA = Parameter.optionalText("data", 3_000,
            "The data, where there is no body.");

    private final Tasks tasks;

    public Chores(Tasks tasks) {
        this.tasks = tasks;
    }

    /// What is to be started with the tasks. `sum` computes for `heavy`, on the threads of `processor`.
    public static List<Kind<?>> kinds(CpuPool processor, Heavy.Sum sum) {
        return List.of(Simulate.kind(), Heavy.kind(processor, sum), ProcessData.kind());
    }

    /// That something will be done, and where to ask how it goes.
    record Submitted(String message, String taskId) {}

    public List<Route> routes() {
        return List.of(
                Route.post("/heavy", "Add up all numbers below n in the background.").with(N).accepts(Task.class)
                        .handledBy(this::heavy),
                Route.post("/process-data", "Have data read in the background.").with(DATA).mayTakeAnything()
                        .accepts(Submitted.class).handledBy(this::processData));
    }

    private Reply heavy(Request request) {
        Task task = tasks.enqueue(NewTask.of(Heavy.NAME, new Heavy.Limit(request.value(N))));
        return Reply.of(task).at("/tasks/" + task.taskId());
    }

    private Reply processData(Request request) {
        JsonNode data = request.optionalBody(JsonNode.class)
                .or(() -> request.value(DATA).map(StringNode::valueOf))
                .orElseThrow(() -> Failure.invalid(new FieldError(List.of("body"), "is required", "missing")));
        Task task = tasks.enqueue(NewTask.of(ProcessData.NAME, data));
        return Reply.of(new Submitted("Data processing started", task.taskId())).at("/tasks/" + task.taskId());
    }
}
