package dev.heddle.files;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;

import java.time.Instant;

import dev.heddle.tasks.Task;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// A file as callers see it: what was uploaded, what was made of it last, if anything was, and how the last task that works
/// on it stands. A task that has been finished for long is forgotten, and with it the `state`.
public record StoredFile(String fileId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(requiredMode = NOT_REQUIRED) @Nullable String name,
        StoredPicture original,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(requiredMode = NOT_REQUIRED) @Nullable StoredPicture result,
        String taskId,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(requiredMode = NOT_REQUIRED) Task.@Nullable Status state,
        Instant createdAt) {}
