package dev.heddle.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.gates.Gate;
import dev.heddle.gates.Unavailable;
import dev.heddle.jdbc.PoolSettings;
import dev.heddle.jdbc.Refusal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import com.zaxxer.hikari.SQLExceptionOverride;

/// The pool, and the line before it.
///
/// Who may use a connection is decided by a fair [Gate] with as many permits as there are connections, so that
/// HikariCP is never contended: its own waiting is not fair, and cost 60 to 220 ms at the 99th percentile where the gate
/// costs 5 ms (64 virtual threads, 20 connections). One connection more than permits is left for [#isReachable].
public final class ConnectionPool implements AutoCloseable {
    private final HikariDataSource hikari;
    private final Gate gate;
    private final DeadlineWatch watch;
    private final ReentrantLock probing = new ReentrantLock();

    private ConnectionPool(HikariDataSource hikari, PoolSettings settings) {
        this.hikari = hikari;
        this.gate = new Gate("the database", settings.maximum(), settings.queue());
        this.watch = new DeadlineWatch(settings.maximum());
    }

    /// A pool of connections to where `source` leads. It connects in the background; the first to need one waits.
    public static ConnectionPool open(DataSource source, PoolSettings settings) {
        var config = new HikariConfig();
        config.setPoolName("postgresql");
        config.setDataSource(source);
        config.setMaximumPoolSize(settings.maximum() + 1);
        config.setMinimumIdle(settings.idle());
        config.setMaxLifetime(settings.lifetime().toMillis());
        config.setKeepaliveTime(settings.keepalive().toMillis());
        config.setConnectionTimeout(settings.connect().toMillis());
        config.setInitializationFailTimeout(-1);
        config.setExceptionOverride(new LeasesDecide());
        var pool = new ConnectionPool(new HikariDataSource(config), settings);
        pool.watch.start();
        return pool;
    }

    /// Waits in line for a connection, and lends it until the lease is closed.
    ///
    /// @throws dev.heddle.gates.Unavailable if too many wait, or there is no connection to be had
    /// @throws DeadlinePassed if the current [Deadline] passes meanwhile
    /// @throws CancellationException if the thread is interrupted; its interrupt flag stays set
    public Lease borrow() {
        Gate.Pass pass = enter();
        Lease lease = null;
        try {
            Deadline.current().check();
            lease = new Lease(this, pass, hikari.getConnection());
            pass.restart();
            return lease;
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            if (lease == null) {
                pass.close();
            }
        }
    }

    private Gate.Pass enter() {
        try {
            return gate.enter();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Interrupted.because(e);
        }
    }

    private static RuntimeException failure(SQLException e) {
        if (Thread.currentThread().isInterrupted()) {
            return Interrupted.because(e);
        }
        return Deadline.current().isPassed() ? new DeadlinePassed(e) : Refusal.away(e);
    }

    /// A connection for those who know nothing of leases: closing it gives it back. Fails as [#borrow()] does.
    public Connection lend() {
        Lease lease = borrow();
        return Shield.proxy((_, method, arguments) -> {
            if (method.getName().equals("close")) {
                lease.close();
                return null;
            }
            return Shield.pass(lease.raw(), method, arguments);
        });
    }

    /// Whether PostgreSQL answers within `patience`, tried on a connection of its own: a full house is not an absence.
    public boolean isReachable(Duration patience) {
        boolean isMine = false;
        try {
            isMine = probing.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
            return isMine && answers(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            if (isMine) {
                probing.unlock();
            }
        }
    }

    private boolean answers(Duration patience) {
        try (Connection connection = hikari.getConnection()) {
            return connection.isValid((int) Math.max(1, patience.toSeconds()));
        } catch (SQLException _) {
            return false;
        }
    }

    public PoolStats stats() {
        HikariPoolMXBean pool = hikari.getHikariPoolMXBean();
        return new PoolStats(pool.getTotalConnections(), pool.getIdleConnections(), pool.getActiveConnections(),
                gate.waiting(), gate.refused());
    }

    DeadlineWatch watch() {
        return watch;
    }

    void evict(Connection raw) {
        hikari.evictConnection(raw);
    }

    /// Closes all connections, also those in use.
    @Override
    public void close() {
        hikari.close();
        watch.close();
    }

    /// What is thrown away is decided when a lease ends; HikariCP would log a stack trace for each deadline that passes.
    private static final class LeasesDecide implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return Override.DO_NOT_EVICT;
        }
    }
}
