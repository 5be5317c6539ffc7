package dev.heddle.chores;

import java.time.Duration;
import java.util.Locale;

import dev.heddle.tasks.Kind;
import dev.heddle.tasks.Rules;
import dev.heddle.tasks.Run;
import dev.heddle.tasks.TaskRefused;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/// The guides' simulated work: five stages that take their time, and fail after the last one if the task is called so.
public final class Simulate {
    static final String NAME = "simulate";
    private static final int STAGES = 5;
    private static final int MOST_STAGE_MILLIS = 60_000;
    private static final Rules RULES = new Rules(100, 1, Duration.ofMinutes(6));

    private Simulate() {
    }

    /// How long a stage takes, two seconds unless it says so; whatever else a caller has to say is kept, and not looked at.
    @Valid
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Stages(@Min(0) @Max(MOST_STAGE_MILLIS) @Nullable Integer stageMs) {
        Duration each() {
            return Duration.ofMillis(stageMs == null ? 2_000 : stageMs);
        }
    }

    record Simulated(String message) {}

    static Kind<Stages> kind() {
        return new Kind<>(NAME, Stages.class, RULES, Simulate::run);
    }

    private static Simulated run(Stages stages, Run run) throws InterruptedException {
        for (int stage = 1; stage <= STAGES; stage++) {
            Thread.sleep(stages.each());
            run.progress(stage, STAGES);
        }
        if (run.name().toLowerCase(Locale.ROOT).contains("error")) {
            throw new TaskRefused("the task's name says that it fails");
        }
        return new Simulated("Task " + run.name() + " is done");
    }
}
