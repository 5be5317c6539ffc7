package dev.heddle.claims;

import org.jspecify.annotations.Nullable;

/// How one try of a task ended.
public sealed interface Ending {
    /// The work is done; `result` is JSON.
    record Completed(@Nullable String result) implements Ending {}

    /// The work failed; `error` is one sentence for callers. It is tried again unless that `isFinal`.
    record Failed(String error, boolean isFinal) implements Ending {}

    /// The try was interrupted before its end, by no fault of the work: somebody else shall have the task.
    record Interrupted() implements Ending {}
}
