package dev.heddle.calls;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/// One attempt came to nothing through the fault of the upstream. The message goes on where its name ends: "answers 500".
public final class CallFailed extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final Duration SOON = Duration.ofSeconds(1);

    /// What kind of fault it was.
    public enum Reason {
        UNREACHABLE, CUT, OVERLOADED, GARBAGE, SLOW, TOO_OFTEN
    }

    private final Reason reason;
    private final Duration retryAfter;

    public CallFailed(Reason reason, String message) {
        this(reason, message, null);
    }

    public CallFailed(Reason reason, String message, @Nullable Throwable cause) {
        this(reason, message, SOON, cause);
    }

    private CallFailed(Reason reason, String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /// The upstream asks to be left alone for so long.
    public static CallFailed tooOften(Duration retryAfter) {
        return new CallFailed(Reason.TOO_OFTEN, "asks for fewer calls", retryAfter, null);
    }

    public Reason reason() {
        return reason;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    /// Whether the next attempt may well succeed: the fault is a passing one, and the upstream has said nothing else.
    public boolean isWorthRepeating() {
        return switch (reason) {
            case UNREACHABLE, CUT, OVERLOADED -> true;
            case GARBAGE, SLOW, TOO_OFTEN -> false;
        };
    }
}
