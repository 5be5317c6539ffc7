package dev.heddle.concurrent;

import java.util.concurrent.CancellationException;

/// What an interrupt becomes where no InterruptedException may leave: whoever throws it has restored the flag.
public final class Interrupted {
    private Interrupted() {
    }

    /// The failure of work that was interrupted, for `cause`.
    public static CancellationException because(Throwable cause) {
        var cancelled = new CancellationException("interrupted");
        cancelled.initCause(cause);
        return cancelled;
    }
}
