package dev.heddle.concurrent;

/// The work was given up because its [Deadline] passed before it was done.
public final class DeadlinePassed extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DeadlinePassed() {
        super("the deadline has passed");
    }

    public DeadlinePassed(Throwable cause) {
        super("the deadline has passed", cause);
    }
}
