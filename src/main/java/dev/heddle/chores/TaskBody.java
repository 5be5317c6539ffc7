package dev.heddle.chores;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.heddle.json.Json;
import dev.heddle.tasks.NewTask;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a caller says of a task to be.
///
/// Callers of the guides' code send any object. So one that says neither `kind` nor `data`, but other things than a `name`,
/// is taken as a whole for the data of a `simulate`, whose name its `name` is, if that is one. Whoever says `kind` or `data`
/// speaks our language, and is told of every field that is not of it.
@Valid
public record TaskBody(
        @Schema(example = "my task") @Size(min = 1, max = 200) @Nullable String name,
        @Schema(example = "simulate") @Size(min = 1, max = 50) @Nullable String kind,
        @Schema(implementation = Object.class, description = "What the kind wants to know.") @Nullable JsonNode data) {
    private static final int LONGEST_NAME = 200;
    private static final Set<String> OURS = Set.of("kind", "data");

    /// The task that `body`, with `otherName` where it names none, asks for.
    ///
    /// @throws Failure with all that is wrong
    static NewTask task(Optional<ObjectNode> body, Optional<String> otherName, List<String> kinds) {
        ObjectNode said = body.orElseGet(JsonNodeFactory.instance::objectNode);
        boolean isOurs = said.propertyStream().allMatch(field -> field.getKey().equals("name"))
                || said.propertyStream().anyMatch(field -> OURS.contains(field.getKey()));
        TaskBody read = isOurs ? bound(said, kinds) : new TaskBody(nameIn(said), null, said);
        var task = NewTask.of(read.kind == null ? Simulate.NAME : read.kind,
                read.data == null ? JsonNodeFactory.instance.objectNode() : read.data);
        return Optional.ofNullable(read.name).or(() -> otherName).map(task::named).orElse(task);
    }

    /// Where the data of a task stand in the body that asks for it.
    static List<FieldError> placed(List<FieldError> errors, Optional<ObjectNode> body) {
        boolean isNamed = body.filter(said -> said.has("data") || said.has("kind")).isPresent();
        return errors.stream().map(error -> isNamed ? error.within("data") : error).map(error -> error.within("body"))
                .toList();
    }

    private static TaskBody bound(ObjectNode said, List<String> kinds) {
        var errors = new ArrayList<FieldError>();
        try {
            TaskBody read = Json.bind(Json.write(said), TaskBody.class);
            if (read.kind == null || kinds.contains(read.kind)) {
                return read;
            }
            errors.add(new FieldError(List.of("kind"), "must be one of " + String.join(", ", kinds), "enum"));
        } catch (Failure failure) {
            errors.addAll(failure.errors());
        }
        throw Failure.invalid(errors.stream().map(error -> error.within("body")).toList());
    }

    private static @Nullable String nameIn(ObjectNode said) {
        String name = said.path("name").asString("");
        return said.path("name").isString() && !name.isEmpty() && name.length() <= LONGEST_NAME ? name : null;
    }
}
