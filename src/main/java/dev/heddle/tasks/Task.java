package dev.heddle.tasks;

import java.time.Instant;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// A task as callers see it. `attempts` counts how often it was begun; `result` is what its work returned, and `error` why
/// its last try failed.
public record Task(String taskId, String name, String kind, Status status, Progress progress, int attempts,
        Instant createdAt, @Nullable Instant startedAt, @Nullable Instant completedAt, @Nullable Object result,
        @Nullable String error) {

    /// Where a task stands; see the package.
    public enum Status {
        @JsonProperty("pending")
        PENDING, @JsonProperty("running")
        RUNNING, @JsonProperty("completed")
        COMPLETED, @JsonProperty("failed")
        FAILED, @JsonProperty("cancelled")
        CANCELLED;

        /// Whether nothing will happen any more, unless somebody retries it.
        public boolean isFinal() {
            return this == COMPLETED || this == FAILED || this == CANCELLED;
        }

        /// As it is written in JSON and in the database.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /// `current` steps of `total`, and how many hundredths that is, rounded down; none of these ever goes back.
    public record Progress(long current, long total, int percent) {
        static Progress of(long current, long total) {
            return new Progress(current, total, total == 0 ? 0 : (int) (current * 100 / total));
        }
    }
}
