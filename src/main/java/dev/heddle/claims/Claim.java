package dev.heddle.claims;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

/// A task that this node has claimed: who owns the `attempt` owns the task, until there is a later one.
///
/// `failures` counts the tries that failed before, `losses` those that never came to an end; `reached` is how far they came;
/// `data` is JSON, and absent where it is large: [Ledger#data] has it.
public record Claim(UUID id, String name, String kind, int attempt, int failures, int losses, Reached reached,
        @Nullable String data) {

    /// How far work has come: `current` of `total`, both from 0 up to 3 × 10⁹, `current` no more than `total`.
    public record Reached(long current, long total) {
        private static final long MOST = 3_000_000_000L;

        public Reached {
            if (current < 0 || total < current || total > MOST) {
                throw new IllegalArgumentException("progress " + current + " of " + total);
            }
        }

        /// Whether this is nowhere behind `other`: neither in steps nor in parts of the whole.
        public boolean isAhead(Reached other) {
            return current >= other.current && current * other.total >= other.current * total;
        }
    }
}
