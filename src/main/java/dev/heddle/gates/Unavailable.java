package dev.heddle.gates;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/// Something that the work needs cannot take more of it now: it is full, or it is away. Trying again later may help.
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Duration retryAfter;

    /// `reason` may be told to a caller. `retryAfter` says when trying again makes sense; more than zero.
    public Unavailable(String reason, Duration retryAfter) {
        this(reason, retryAfter, null);
    }

    public Unavailable(String reason, Duration retryAfter, @Nullable Throwable cause) {
        super(reason, cause);
        if (!retryAfter.isPositive()) {
            throw new IllegalArgumentException("retryAfter " + retryAfter + " is not more than zero");
        }
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
