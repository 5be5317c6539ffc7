package dev.heddle.runs;

import dev.heddle.claims.Ending;

/// A kind of task that this node can run: how many of it at once, how often one may fail before it has failed for good,
/// and what does it.
public record Skill(String kind, int atOnce, int tries, Worker worker) {
    /// Does one try of a task, on a virtual thread of its own, and says how it ended. An interrupt tells it to end soon.
    @FunctionalInterface
    public interface Worker {
        Ending run(Try one);
    }

    public Skill {
        if (atOnce < 1 || tries < 1) {
            throw new IllegalArgumentException(kind + ": atOnce " + atOnce + ", tries " + tries);
        }
    }
}
