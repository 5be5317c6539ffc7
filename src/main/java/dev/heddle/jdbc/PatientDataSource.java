package dev.heddle.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import org.postgresql.ds.PGSimpleDataSource;

/// Connects as soon as PostgreSQL is back.
///
/// HikariCP doubles its pause after each failure, up to 5 s, and begins anew only with the next demand (7.1.0,
/// `PoolEntryCreator.call`): after an outage requests would fail for seconds more than need be. So the failure is kept
/// from it for a while and the attempt repeated here.
public final class PatientDataSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(100);

    @Override
    public Connection getConnection() throws SQLException {
        long giveUpNanos = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return super.getConnection();
            } catch (SQLException e) {
                if (!Refusal.isAway(e) || System.nanoTime() - giveUpNanos > 0) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException failure) throws SQLException {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
            throw failure;
        }
    }
}
