package dev.heddle.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;

import dev.heddle.gates.Unavailable;

/// What PostgreSQL's refusals mean (manual, Appendix A, "PostgreSQL Error Codes").
public final class Refusal {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Refusal() {
    }

    /// The failure that PostgreSQL or its driver gave, if there is one behind `failure`.
    public static Optional<SQLException> behind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException refusal) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }

    /// The SQLSTATE; empty text if there is none.
    public static String state(SQLException refusal) {
        return refusal.getSQLState() == null ? "" : refusal.getSQLState();
    }

    /// Whether PostgreSQL is away, going away, starting, or has no connection or memory or disk left.
    public static boolean isAway(SQLException refusal) {
        String state = state(refusal);
        return state.startsWith("08") || state.startsWith("57P") || state.startsWith("53")
                || refusal instanceof SQLTransientConnectionException || refusal.getCause() instanceof IOException;
    }

    /// What a caller is told while [#isAway].
    public static Unavailable away(Throwable cause) {
        return new Unavailable("the database cannot be reached", RETRY_AFTER, cause);
    }
}
