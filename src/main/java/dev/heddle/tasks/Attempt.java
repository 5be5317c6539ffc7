package dev.heddle.tasks;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

import dev.heddle.claims.Claim;
import dev.heddle.claims.Ending;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;
import dev.heddle.gates.Unavailable;
import dev.heddle.json.Json;
import dev.heddle.runs.Skill;
import dev.heddle.runs.Try;
import dev.heddle.web.Failure;

import org.jspecify.annotations.Nullable;

/// Tries tasks of one kind: reads their data, runs the work within its time, and says in a sentence why it failed.
final class Attempt<D> {
    private static final Logger LOG = System.getLogger(Attempt.class.getName());
    private static final int MOST_RESULT_BYTES = 2 << 20;

    private final Kind<D> kind;

    Attempt(Kind<D> kind) {
        this.kind = kind;
    }

    /// How the try ended; never throws.
    Ending of(Run run, Claim claim) {
        try {
            Deadline limit = Deadline.in(kind.rules().timeout());
            Outcome<@Nullable Object> outcome = Gather.named("task").within(kind.rules().timeout())
                    .<@Nullable Object>settle(List.of(() -> kind.work().run(data(run.data()), run))).getFirst();
            return switch (outcome) {
                case Outcome.Success<?>(var result) -> completed(result);
                case Outcome.Failure<?>(var cause) -> failed(claim, cause, limit);
            };
        } catch (InterruptedException _) {
            return new Ending.Interrupted();
        }
    }

    private D data(String json) {
        return Json.readBack(json.getBytes(StandardCharsets.UTF_8), kind.data());
    }

    private static Ending completed(@Nullable Object result) {
        if (result == null) {
            return new Ending.Completed(null);
        }
        byte[] json = Json.write(result);
        return json.length > MOST_RESULT_BYTES
                ? new Ending.Failed("its result is larger than " + MOST_RESULT_BYTES + " bytes", true)
                : new Ending.Completed(new String(json, StandardCharsets.UTF_8));
    }

    private Ending failed(Claim claim, Throwable thrown, Deadline limit) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null
                ? thrown.getCause()
                : thrown;
        LOG.log(Level.INFO, () -> "event=try_failed task=" + claim.id() + " kind=" + kind.name() + " attempt="
                + claim.attempt(), cause);
        return switch (cause) {
            case TaskRefused refused -> new Ending.Failed(refused.getMessage(), true);
            case Failure failure -> new Ending.Failed(failure.getMessage(), false);
            case Unavailable unavailable -> new Ending.Failed(unavailable.getMessage(), false);
            case DeadlinePassed _ when limit.isPassed() ->
                new Ending.Failed("it took longer than " + said(kind.rules().timeout()), false);
            default -> new Ending.Failed("the work failed", false);
        };
    }

    private static String said(Duration timeout) {
        return timeout.toMillisPart() == 0 ? timeout.toSeconds() + " s" : timeout.toMillis() + " ms";
    }

    /// What the runner must know of the kind.
    Skill skill(Function<Try, Run> runs) {
        return new Skill(kind.name(), kind.rules().atOnce(), kind.rules().attempts(),
                one -> of(runs.apply(one), one.claim()));
    }
}
