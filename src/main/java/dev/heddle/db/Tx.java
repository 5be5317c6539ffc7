package dev.heddle.db;

import java.util.function.Supplier;

/// A transaction that has begun and not ended yet.
public interface Tx {
    /// Runs `action` once the transaction is committed, outside of it; never if it is rolled back. What `action` throws
    /// is logged, since it cannot undo the commit.
    void afterCommit(Runnable action);

    /// Does `work`; if it throws, what it did in the transaction is undone, what was done before stays, and the transaction
    /// can go on: the one exception to the rule that a failed statement spoils the whole.
    ///
    /// It cannot go on if the deadline has passed, the connection is lost, or others were in the way; then whatever
    /// follows fails, too. Costs two round trips.
    <T> T savepoint(Supplier<T> work);

    /// What is to be done in one transaction. It may be run several times, each time after a complete rollback, so it
    /// must do nothing but through the database and [#afterCommit].
    @FunctionalInterface
    interface Work<T> {
        T run(Tx tx);
    }
}
