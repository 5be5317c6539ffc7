package dev.heddle.db;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

import dev.heddle.pool.PatientDataSource;
import dev.heddle.pool.Refusal;
import dev.heddle.settings.CannotStart;

/// The PostgreSQL that a URL leads to: how to connect, and the migration of its tables.
final class Server {
    private static final Duration CONNECTION_CHECK = Duration.ofMillis(500);
    private static final int PREPARE_AFTER = 2;

    private final DatabaseSettings settings;
    private final String url;

    Server(DatabaseSettings settings, String url) {
        this.settings = settings;
        this.url = url;
    }

    /// For the pool. Each statement is bounded by the statement timeout, and ends by itself soon after its client is gone.
    PatientDataSource source() {
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
    void migrate() {
        try {
            Flyway.configure().dataSource(connecting(new PGSimpleDataSource())).locations("classpath:db/migration")
                    .load().migrate();
        } catch (FlywayException e) {
            throw new CannotStart(sentence(e), e);
        }
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

    private String sentence(FlywayException failure) {
        PGSimpleDataSource source = connecting(new PGSimpleDataSource());
        String place = source.getServerNames()[0] + ":" + source.getPortNumbers()[0];
        Optional<SQLException> refusal = Refusal.behind(failure);
        String state = refusal.map(Refusal::state).orElse("");
        if (state.startsWith("28")) {
            return "the database at " + place + " refuses the user or the password of '" + source.getUser() + "'";
        }
        if (state.equals("3D000")) {
            return "there is no database '" + source.getDatabaseName() + "' at " + place;
        }
        if (refusal.map(Refusal::isAway).orElse(false)) {
            return "the database cannot be reached at " + place;
        }
        return "the database at " + place + " cannot be migrated: "
                + refusal.map(Throwable::getMessage).orElseGet(failure::getMessage).lines().findFirst().orElse("");
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, duration.plusMillis(999).toSeconds());
    }
}
