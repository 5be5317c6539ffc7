package dev.heddle.jdbc;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.SQLException;

import dev.heddle.db.TestDatabase;

import org.junit.jupiter.api.Test;

class MigrationsTest {
    @Test
    void whatWasMigratedIsSeenAtOnce() throws SQLException {
        try (TestDatabase fresh = TestDatabase.create()) {
            var migrations = new Migrations(new Server(fresh.settings(), fresh.jdbcUrl()).plainSource());

            assertFalse(migrations.areDone());
            migrations.run();
            assertTrue(migrations.areDone());
        }
    }
}
