package dev.heddle.tasks;

/// The task cannot be done, however often it is tried.
public final class TaskRefused extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// `sentence` is what callers are told.
    public TaskRefused(String sentence) {
        super(sentence);
    }
}
