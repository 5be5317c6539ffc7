package dev.heddle.db;

import java.lang.ScopedValue.CallableOp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.pool.Lease;

import org.jspecify.annotations.Nullable;

/// One try at a transaction, on one connection. Belongs to the thread that began it.
final class Transaction implements Tx {
    private static final Logger LOG = System.getLogger(Transaction.class.getName());

    private final Lease lease;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private @Nullable Throwable firstFailure;

    Transaction(Lease lease) {
        this.lease = lease;
    }

    /// Begins, does `work`, and commits; rolls back if anything fails.
    <T, X extends Exception> T perform(boolean readOnly, CallableOp<T, X> work) throws X {
        boolean isCommitted = false;
        try {
            lease.begin(readOnly);
            T result = work.call();
            commit();
            isCommitted = true;
            return result;
        } catch (SQLException e) {
            throw Failures.of(e, lease);
        } finally {
            if (!isCommitted) {
                lease.rollback();
            }
        }
    }

    /// Runs one statement, or nested work. If it fails, the transaction cannot be committed any more.
    <T, X extends Exception> T step(CallableOp<T, X> statement) throws X {
        lease.checkOwner();
        long before = lease.tighten();
        boolean isDone = false;
        try {
            refuseIfOver();
            T result = statement.call();
            isDone = true;
            return result;
        } catch (RuntimeException e) {
            throw remember(Failures.of(e, lease));
        } finally {
            if (!isDone && firstFailure == null) {
                firstFailure = new IllegalStateException("a part of the transaction failed");
            }
            lease.limit(before);
        }
    }

    @Override
    public void afterCommit(Runnable action) {
        lease.checkOwner();
        afterCommit.add(action);
    }

    @Override
    public <T> T savepoint(Supplier<T> work) {
        Throwable failureBefore = firstFailure;
        Savepoint savepoint = sql(lease::savepoint);
        int actionsBefore = afterCommit.size();
        boolean isDone = false;
        try {
            T result = work.get();
            sql(() -> {
                lease.release(savepoint);
                return true;
            });
            isDone = true;
            return result;
        } finally {
            if (!isDone && !(firstFailure instanceof Retry.Contention) && lease.rollback(savepoint)) {
                firstFailure = failureBefore;
                afterCommit.subList(actionsBefore, afterCommit.size()).clear();
            }
        }
    }

    private <T> T sql(CallableOp<T, SQLException> call) {
        return step(() -> {
            try {
                return call.call();
            } catch (SQLException e) {
                throw Failures.of(e, lease);
            }
        });
    }

    void runAfterCommit() {
        for (Runnable action : afterCommit) {
            try {
                action.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "event=after_commit_failed", e);
            }
        }
    }

    // The driver's commit returns as if all were well after a statement failed (42.7.14), and so would a lost write.
    private void commit() throws SQLException {
        refuseIfOver();
        Deadline.current().check();
        if (firstFailure != null || lease.isFailed()) {
            throw new DatabaseFailure("a failed transaction was to be committed", firstFailure);
        }
        lease.commit();
    }

    private void refuseIfOver() {
        if (Thread.currentThread().isInterrupted()) {
            throw Interrupted.because(new InterruptedException());
        }
        if (lease.isCut()) {
            throw new DeadlinePassed();
        }
    }

    private RuntimeException remember(RuntimeException failure) {
        if (firstFailure == null) {
            firstFailure = failure;
        }
        return failure;
    }
}
