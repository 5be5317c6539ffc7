package dev.heddle.db;

import java.lang.ScopedValue.CallableOp;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.Unavailable;
import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.jdbc.Parameters;
import dev.heddle.jdbc.Server;
import dev.heddle.pool.ConnectionPool;
import dev.heddle.pool.Lease;
import dev.heddle.pool.PoolStats;
import dev.heddle.pool.SharedDataSource;

import io.helidon.dbclient.DbClient;
import org.jspecify.annotations.Nullable;

/// PostgreSQL, as the rest of the house sees it.
///
/// Statements have positional `?` parameters of these types: `String`, `Integer`, `Long`, `BigDecimal`, `Boolean`,
/// `Instant`, `UUID`, `byte[]`, `String[]`, `Long[]`, `BigDecimal[]`, and `null`. An array is for
/// `unnest(cast(? as text[]))`, which writes many rows by one statement. Each method blocks, at most until the current
/// [dev.heddle.concurrent.Deadline], and each throws
///
/// - [ConstraintViolation] if a constraint refuses the change,
/// - [dev.heddle.concurrent.DeadlinePassed] if the deadline or the statement timeout passes; what ran is cancelled,
/// - [dev.heddle.gates.Unavailable] if too many wait already, the database is away, or others were in the way four
///   times; whether a commit during which the connection was lost has happened is not known,
/// - `CancellationException` if the thread is interrupted, whose flag stays set,
/// - `IllegalArgumentException` if a parameter is of another type,
/// - [DatabaseFailure] for all else, which is a bug.
///
/// Thread-safe.
public final class Database implements AutoCloseable {
    private final ScopedValue<Lease> lease = ScopedValue.newInstance();
    private final ScopedValue<Transaction> transaction = ScopedValue.newInstance();
    private final Statements statements = new Statements(lease);
    private final DataSource dataSource = new SharedDataSource(this::connection);
    private final ConnectionPool pool;

    private Database(ConnectionPool pool) {
        this.pool = pool;
    }

    /// Brings the tables of the database at `jdbcUrl` up to date and opens a pool of connections to it.
    ///
    /// @throws dev.heddle.settings.CannotStart if it cannot be reached, refuses the user, or a migration fails
    public static Database open(DatabaseSettings settings, String jdbcUrl) {
        var server = new Server(settings, jdbcUrl);
        server.migrate();
        return new Database(ConnectionPool.open(server.source(), settings.pool()));
    }

    /// All rows, in order. For what is bounded by a `limit`; [#each] is for the rest.
    public <T> List<T> list(String sql, Row.Reader<T> reader, @Nullable Object... parameters) {
        List<@Nullable Object> bound = Parameters.checked(parameters);
        return run(() -> statements.list(sql, reader, bound));
    }

    /// The first row, if there is one.
    public <T> Optional<T> one(String sql, Row.Reader<T> reader, @Nullable Object... parameters) {
        List<@Nullable Object> bound = Parameters.checked(parameters);
        return run(() -> statements.one(sql, reader, bound));
    }

    /// Changes rows and says how many. For statements that return none; `returning` is for [#one] and [#list].
    public long update(String sql, @Nullable Object... parameters) {
        List<@Nullable Object> bound = Parameters.checked(parameters);
        return run(() -> statements.update(sql, bound));
    }

    /// Hands all rows on, one after the other, in constant memory: in a read-only transaction of its own, or in the one
    /// that the caller has begun. The connection is taken for as long as `sink` takes. Never tried twice.
    public <T, X extends Exception> void each(String sql, Row.Reader<T> reader, Row.Sink<T, X> sink,
            @Nullable Object... parameters) throws X {
        List<@Nullable Object> bound = Parameters.checked(parameters);
        CallableOp<Boolean, X> walk = () -> {
            statements.each(sql, reader, sink, bound);
            return true;
        };
        if (transaction.isBound()) {
            transaction.get().step(walk);
        } else {
            walkAlone(walk);
        }
    }

    /// Does `work` in one transaction, on one connection, for the current thread only: commits when `work` returns and
    /// rolls back when it throws. Called within another, it joins that one. A failure within, even one that `work`
    /// swallows, makes a commit impossible. Where others were in the way (SQLSTATE 40001, 40P01), all is rolled back and
    /// `work` is run again.
    ///
    /// @throws IllegalStateException if another thread began the transaction that it would join
    public <T> T inTransaction(Tx.Work<T> work) {
        if (transaction.isBound()) {
            Transaction joined = transaction.get();
            return joined.step(() -> work.run(joined));
        }
        return Retry.run(() -> once(false, work::run));
    }

    /// Runs `action` once the transaction that the caller has begun is committed, as [Tx#afterCommit] does; at once where
    /// there is none.
    public void afterCommit(Runnable action) {
        if (transaction.isBound()) {
            transaction.get().afterCommit(action);
        } else {
            action.run();
        }
    }

    /// The same connections for libraries that want a `DataSource`. Within [#inTransaction] they get the connection of
    /// the transaction, which they can neither close nor commit.
    public DataSource dataSource() {
        return dataSource;
    }

    /// Whether the database answers; waits no longer than `patience`, or the connect timeout if that is longer.
    public boolean isReachable(Duration patience) {
        return pool.isReachable(patience);
    }

    public PoolStats stats() {
        return pool.stats();
    }

    @Override
    public void close() {
        pool.close();
    }

    DbClient client() {
        return statements.client();
    }

    // What the sink has taken cannot be taken back, so this is no work to be tried again.
    private <X extends Exception> void walkAlone(CallableOp<Boolean, X> walk) throws X {
        try {
            once(true, tx -> tx.step(walk));
        } catch (Retry.Contention e) {
            throw Retry.busy(e);
        }
    }

    private <T> T run(CallableOp<T, RuntimeException> statement) {
        return transaction.isBound() ? transaction.get().step(statement) : Retry.run(() -> alone(statement));
    }

    private <T> T alone(CallableOp<T, RuntimeException> statement) {
        try (Lease lent = borrow()) {
            try {
                return ScopedValue.where(lease, lent).call(statement);
            } catch (RuntimeException e) {
                throw Failures.of(e, lent);
            }
        }
    }

    private <T, X extends Exception> T once(boolean readOnly, CallableWork<T, X> work) throws X {
        Transaction begun;
        T result;
        try (Lease lent = borrow()) {
            begun = new Transaction(lent);
            result = ScopedValue.where(lease, lent).where(transaction, begun)
                    .call(() -> begun.perform(readOnly, () -> work.run(begun)));
        }
        begun.runAfterCommit();
        return result;
    }

    // Who holds one connection and waits for another can wait for ever, at any size of the pool.
    private Lease borrow() {
        if (lease.isBound()) {
            throw new IllegalStateException("a row reader asked the database for more: read first, then ask");
        }
        return pool.borrow();
    }

    private Connection connection() {
        if (!transaction.isBound()) {
            return pool.lend();
        }
        lease.get().checkOwner();
        return lease.get().connection();
    }

    private interface CallableWork<T, X extends Exception> {
        T run(Transaction tx) throws X;
    }
}
