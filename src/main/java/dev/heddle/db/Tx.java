package dev.heddle.db;

/// A transaction that has begun and not ended yet.
public interface Tx {
    /// Runs `action` once the transaction is committed, outside of it; never if it is rolled back. What `action` throws
    /// is logged, since it cannot undo the commit.
    void afterCommit(Runnable action);

    /// What is to be done in one transaction. It may be run several times, each time after a complete rollback, so it
    /// must do nothing but through the database and [#afterCommit].
    @FunctionalInterface
    interface Work<T> {
        T run(Tx tx);
    }
}
