package dev.heddle.db;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.gates.Unavailable;

/// Tries again what PostgreSQL gave up because others were in the way (manual, 13.5, "Serialization Failure Handling").
final class Retry {
    private static final int TRIES = 4;
    private static final long LONGEST_PAUSE_MILLIS = 10;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Retry() {
    }

    /// Runs `work` up to four times, after random pauses that double.
    ///
    /// @throws Unavailable if others were in the way each time
    static <T> T run(Supplier<T> work) {
        for (int attempt = 1;; attempt++) {
            try {
                return work.get();
            } catch (Contention e) {
                if (attempt == TRIES) {
                    throw busy(e);
                }
                pause(attempt);
            }
        }
    }

    static Unavailable busy(Contention failure) {
        return new Unavailable("the database is busy", RETRY_AFTER, failure);
    }

    private static void pause(int attempt) {
        Deadline.current().check();
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MILLIS << attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Interrupted.because(e);
        }
    }

    /// Others wanted the same rows at the same time, and PostgreSQL chose this transaction to try again.
    static final class Contention extends RuntimeException {
        private static final long serialVersionUID = 1;

        Contention(SQLException cause) {
            super(cause);
        }
    }
}
