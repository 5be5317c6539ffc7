package dev.heddle.db;

import java.sql.SQLException;

import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.db.ConstraintViolation.Kind;
import dev.heddle.jdbc.Refusal;
import dev.heddle.pool.Lease;

import io.helidon.dbclient.DbClientException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// Says what a failure of the driver or of DbClient means to the rest of the house.
final class Failures {
    private Failures() {
    }

    /// The meaning of what was thrown while a statement ran on `lease`; what is not the database's own stays as it is.
    static RuntimeException of(RuntimeException thrown, Lease lease) {
        if (!(thrown instanceof DbClientException)) {
            return thrown;
        }
        return Refusal.behind(thrown).map(refusal -> of(refusal, lease))
                .orElseGet(() -> new DatabaseFailure(thrown.getMessage(), thrown));
    }

    static RuntimeException of(SQLException refusal, Lease lease) {
        if (Thread.currentThread().isInterrupted()) {
            return Interrupted.because(refusal);
        }
        if (lease.isCut()) {
            return new DeadlinePassed(refusal);
        }
        if (Refusal.isAway(refusal) || lease.isBroken()) {
            return Refusal.away(refusal);
        }
        return byState(refusal);
    }

    // PostgreSQL manual, Appendix A, "PostgreSQL Error Codes"
    private static RuntimeException byState(SQLException refusal) {
        return switch (Refusal.state(refusal)) {
            case "57014" -> new DeadlinePassed(refusal);
            case "40001", "40P01" -> new Retry.Contention(refusal);
            case "23505" -> violation(refusal, Kind.UNIQUE);
            case "23503", "23001" -> violation(refusal, Kind.FOREIGN_KEY);
            case "23514" -> violation(refusal, Kind.CHECK);
            case "23502" -> violation(refusal, Kind.NOT_NULL);
            case "23P01" -> violation(refusal, Kind.EXCLUSION);
            default -> new DatabaseFailure("SQLSTATE " + Refusal.state(refusal) + ": " + refusal.getMessage(), refusal);
        };
    }

    private static ConstraintViolation violation(SQLException refusal, Kind kind) {
        return new ConstraintViolation(constraint(refusal), kind, refusal);
    }

    // PostgreSQL does not name a column's own `not null`; the column must do.
    private static String constraint(SQLException refusal) {
        ServerErrorMessage said = refusal instanceof PSQLException own ? own.getServerErrorMessage() : null;
        if (said == null) {
            return "unknown";
        }
        return said.getConstraint() != null ? said.getConstraint() : said.getTable() + "." + said.getColumn();
    }
}
