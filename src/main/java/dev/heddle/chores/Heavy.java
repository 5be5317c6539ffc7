package dev.heddle.chores;

import java.time.Duration;

import dev.heddle.gates.CpuPool;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.Rules;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;

/// A sum that takes long, on the threads that compute.
public final class Heavy {
    static final String NAME = "heavy";
    static final int MOST = 1_000_000_000;
    static final int USUAL = 100_000_000;

    /// Adds up 0 + 1 + … + (n − 1).
    @FunctionalInterface
    public interface Sum {
        long below(long n) throws InterruptedException;
    }

    private Heavy() {
    }

    /// Below which number to add up.
    @Valid
    public record Limit(@Min(0) @Max(MOST) @Nullable Integer n) {}

    record Added(long result) {}

    static Kind<Limit> kind(CpuPool processor, Sum sum) {
        var rules = new Rules(processor.threads(), 3, Duration.ofMinutes(1));
        return new Kind<>(NAME, Limit.class, rules, (limit, run) -> {
            long n = limit.n() == null ? USUAL : limit.n();
            return new Added(processor.compute(() -> sum.below(n)));
        });
    }
}
