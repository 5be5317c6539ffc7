package dev.heddle.answers;

import java.util.concurrent.CountDownLatch;

import dev.heddle.wire.Patience;

/// What all answers of a server share. `stopping` opens when the server stops. Thread-safe.
public record Terms(Patience patience, AnswerSettings settings, CountDownLatch stopping) {
    public boolean isStopping() {
        return stopping.getCount() == 0;
    }
}
