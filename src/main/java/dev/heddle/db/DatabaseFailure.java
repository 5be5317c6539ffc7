package dev.heddle.db;

/// The database refused for a reason that only a bug can explain: a wrong statement, a missing table, a null unforeseen.
public final class DatabaseFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    DatabaseFailure(String message) {
        super(message);
    }

    DatabaseFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
