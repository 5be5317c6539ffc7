package dev.heddle.db;

import java.sql.SQLException;

/// Others wanted the same rows at the same time, and PostgreSQL chose this transaction to try again.
final class Contention extends RuntimeException {
    private static final long serialVersionUID = 1;

    Contention(SQLException cause) {
        super(cause);
    }
}
