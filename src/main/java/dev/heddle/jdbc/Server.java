package dev.heddle.jdbc;

import java.sql.SQLException;
import java.time.Duration;

import dev.heddle.jdbc.PatientDataSource;
import dev.heddle.jdbc.Refusal;
import dev.heddle.settings.CannotStart;

import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/// The PostgreSQL that a URL leads to: how to connect, and the migration of its tables.
public final class Server {
    private static final Duration CONNECTION_CHECK = Duration.ofMillis(500);
    private static final int PREPARE_AFTER = 2;

    private final DatabaseSettings settings;
    private final String url;

    public Server(DatabaseSettings settings, String url) {
        this.settings = settings;
        this.url = url;
    }

    /// For the pool. Each statement is bounded by the statement timeout, and ends by itself soon after its client is gone.
    public PatientDataSource source() {
        PatientDataSource source = connecting(new PatientDataSource());
        source.setOptions("-c statement_timeout=" + settings.statementTimeout().toMillis()
                + " -c client_connection_check_interval=" + CONNECTION_CHECK.toMillis());
        source.setPrepareThreshold(PREPARE_AFTER);
        source.setSocketTimeout(seconds(settings.statementTimeout().plusSeconds(5)));
        return source;
    }

    /// Brings the tables up to date, on a connection of its own, since a migration may take its time.
    ///
    /// @throws CannotStart if the server cannot be reached, refuses the user, or a migration fails
    public void migrate() {
        try {
            new Migrations(plainSource()).run();
        } catch (SQLException e) {
            throw new CannotStart(sentence(e), e);
        } catch (FlywayException e) {
            throw new CannotStart(Refusal.behind(e).map(this::sentence)
                    .orElseGet(() -> cannotBeMigrated(e.getMessage())), e);
        }
    }

    PGSimpleDataSource plainSource() {
        return connecting(new PGSimpleDataSource());
    }

    private <S extends PGSimpleDataSource> S connecting(S source) {
        source.setUrl(url);
        if (!settings.user().isEmpty()) {
            source.setUser(settings.user());
        }
        if (!settings.password().isEmpty()) {
            source.setPassword(settings.password());
        }
        source.setApplicationName("heddle");
        source.setConnectTimeout(seconds(settings.pool().connect()));
        source.setLoginTimeout(seconds(settings.pool().connect()) + 1);
        return source;
    }

    private String sentence(SQLException refusal) {
        String state = Refusal.state(refusal);
        if (state.startsWith("28")) {
            return "the database at " + place() + " refuses the user or the password of '" + plainSource().getUser()
                    + "'";
        }
        if (state.equals("3D000")) {
            return "there is no database '" + plainSource().getDatabaseName() + "' at " + place();
        }
        return Refusal.isAway(refusal)
                ? "the database cannot be reached at " + place()
                : cannotBeMigrated(refusal.getMessage());
    }

    private String cannotBeMigrated(String reason) {
        return "the database at " + place() + " cannot be migrated: " + reason.lines().findFirst().orElse("");
    }

    private String place() {
        PGSimpleDataSource source = plainSource();
        return source.getServerNames()[0] + ":" + source.getPortNumbers()[0];
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, duration.plusMillis(999).toSeconds());
    }
}
