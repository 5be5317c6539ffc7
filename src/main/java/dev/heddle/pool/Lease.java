package dev.heddle.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.heddle.concurrent.Deadline;
import dev.heddle.gates.Gate;

import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/// One connection, lent until closed, and never longer of use than the [Deadline] of the work that it was lent to.
///
/// The connection of a lease that was cut is thrown away with it, so a cancel that arrives late finds nobody to harm.
public final class Lease implements AutoCloseable {
    private static final Duration INTERRUPT_LOOK = Duration.ofMillis(20);
    private static final Duration CANCEL_GRACE = Duration.ofMillis(50);

    private enum State {
        LENT, CUT, ABANDONED, ENDED
    }

    private final ConnectionPool pool;
    private final Gate.Pass pass;
    private final Connection raw;
    private final PgConnection driver;
    private final Connection shielded;
    private final Thread owner = Thread.currentThread();
    private final AtomicReference<State> state = new AtomicReference<>(State.LENT);
    private final int slot;
    private volatile long cutAtNanos = System.nanoTime() + Deadline.current().nanosLeft();
    private int fetchSize;
    private boolean isDiscarded;

    Lease(ConnectionPool pool, Gate.Pass pass, Connection raw) throws SQLException {
        this.pool = pool;
        this.pass = pass;
        this.raw = raw;
        this.driver = raw.unwrap(PgConnection.class);
        this.shielded = Shield.proxy(new Shield(this, raw));
        this.slot = pool.watch().add(this);
    }

    /// The connection as others may see it: it cannot be closed, committed, rolled back or used by another thread.
    public Connection connection() {
        return shielded;
    }

    /// @throws IllegalStateException if the current thread is not the one that the connection was lent to
    public void checkOwner() {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("the connection of " + owner + " was used by " + Thread.currentThread()
                    + ": a transaction belongs to the thread that began it");
        }
    }

    /// Whether the deadline passed, or the owner was interrupted, in the midst of a statement.
    public boolean isCut() {
        return state.get() != State.LENT;
    }

    /// Cuts the connection off at the current [Deadline], if that is sooner, until [#limit(long)] puts it back.
    /// Returns what to put back.
    public long tighten() {
        long before = cutAtNanos;
        long now = System.nanoTime() + Deadline.current().nanosLeft();
        if (now - before < 0) {
            limit(now);
        }
        return before;
    }

    /// Puts back what [#tighten()] returned.
    public void limit(long atNanos) {
        cutAtNanos = atNanos;
        pool.watch().wakeFor(this);
    }

    /// Statements prepared from now on fetch their rows in portions of so many; 0 for all at once.
    public void fetch(int rows) {
        fetchSize = rows;
    }

    Connection raw() {
        return raw;
    }

    int fetchSize() {
        return fetchSize;
    }

    /// Begins a transaction, which costs no round trip: the driver sends `begin` with the first statement.
    public void begin(boolean readOnly) throws SQLException {
        raw.setReadOnly(readOnly);
        raw.setAutoCommit(false);
    }

    public void commit() throws SQLException {
        raw.commit();
    }

    /// Whether a statement failed, so that a commit would be a rollback that claims to be none.
    public boolean isFailed() {
        return driver.getTransactionState() == TransactionState.FAILED;
    }

    /// Rolls back; where that is not possible, the connection is thrown away, at whose end PostgreSQL rolls back.
    public void rollback() {
        try {
            if (isCut() || owner.isInterrupted() || raw.isClosed()) {
                discard();
            } else {
                raw.rollback();
            }
        } catch (SQLException _) {
            discard();
        }
    }

    /// Marks what was done so far, to come back to by [#rollback(Savepoint)].
    public Savepoint savepoint() throws SQLException {
        return raw.setSavepoint();
    }

    /// Gives a mark up: what was done since stays.
    public void release(Savepoint savepoint) throws SQLException {
        raw.releaseSavepoint(savepoint);
    }

    /// Undoes what was done since the mark, and says whether the transaction can go on.
    public boolean rollback(Savepoint savepoint) {
        if (isCut() || owner.isInterrupted() || isBroken()) {
            return false;
        }
        try {
            raw.rollback(savepoint);
            raw.releaseSavepoint(savepoint);
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    /// Whether the connection is of no use any more.
    public boolean isBroken() {
        try {
            return raw.isClosed() || driver.isClosed();
        } catch (SQLException _) {
            return true;
        }
    }

    private void discard() {
        if (!isDiscarded) {
            isDiscarded = true;
            pool.evict(raw);
        }
    }

    /// Gives the connection back. Does nothing the second time.
    @Override
    public void close() {
        State last = state.getAndSet(State.ENDED);
        if (last == State.ENDED) {
            return;
        }
        pool.watch().remove(slot);
        try (pass) {
            if (last == State.LENT && owner.isInterrupted() && isBroken()) {
                // An interrupt closes the socket a virtual thread blocks on, and PostgreSQL would not see it for a while.
                Thread.ofVirtual().name("cancel").start(this::cancel);
            }
            if (last != State.LENT || isBroken()) {
                discard();
            }
            if (!isDiscarded) {
                raw.close();
            }
        } catch (SQLException _) {
            discard();
        }
    }

    /// When the watch must look at this lease. A platform thread does not wake from socket I/O when it is interrupted,
    /// so its interrupt is looked for.
    long lookAtNanos() {
        return switch (state.get()) {
            case LENT -> owner.isVirtual()
                    ? cutAtNanos
                    : Math.min(cutAtNanos - System.nanoTime(), INTERRUPT_LOOK.toNanos()) + System.nanoTime();
            case CUT -> cutAtNanos + CANCEL_GRACE.toNanos();
            case ABANDONED, ENDED -> System.nanoTime() + Duration.ofDays(1).toNanos();
        };
    }

    /// Cancels what runs if the time has come, and closes the socket if that did not help.
    void look() {
        boolean isOver = cutAtNanos - System.nanoTime() <= 0 || !owner.isVirtual() && owner.isInterrupted();
        if (isOver && state.compareAndSet(State.LENT, State.CUT)) {
            cutAtNanos = System.nanoTime();
            Thread.ofVirtual().name("cancel").start(this::cancel);
        } else if (state.get() == State.CUT && lookAtNanos() - System.nanoTime() <= 0
                && state.compareAndSet(State.CUT, State.ABANDONED)) {
            Thread.ofVirtual().name("abandon").start(this::abandon);
        }
    }

    private void cancel() {
        try {
            // Not driver.cancelQuery(), which refuses when the connection's own socket is closed.
            driver.getQueryExecutor().sendQueryCancel();
        } catch (SQLException _) {
            // Then the server does not listen, and abandoning the connection is what is left.
        }
    }

    private void abandon() {
        try {
            driver.abort(Runnable::run);
        } catch (SQLException _) {
            // It was closed already.
        }
    }
}
