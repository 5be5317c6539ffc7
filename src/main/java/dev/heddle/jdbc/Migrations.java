package dev.heddle.jdbc;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.sql.DataSource;

import dev.heddle.jdbc.Refusal;

import org.flywaydb.core.Flyway;

/// Brings the tables up to date. Flyway does it; but what it has done already is seen without it.
///
/// Flyway 13 loads some 900 classes, Jackson among them, before it finds that there is nothing to do: 1 to 2 s of a
/// cold start on a busy machine with two cores. The same question, which scripts with which checksums its history
/// holds, is one query.
final class Migrations {
    private static final String FOLDER = "db/migration";
    private static final String UNDEFINED_TABLE = "42P01";

    private final DataSource source;

    Migrations(DataSource source) {
        this.source = source;
    }

    /// @throws SQLException if the database cannot be reached
    /// @throws org.flywaydb.core.api.FlywayException if a script fails or differs from what was run
    void run() throws SQLException {
        if (!areDone()) {
            Flyway.configure().dataSource(source).locations("classpath:" + FOLDER).load().migrate();
        }
    }

    private static final String HISTORY = """
            select script, checksum, success
            from flyway_schema_history
            """;

    boolean areDone() throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(HISTORY)) {
            var done = new HashMap<String, Integer>();
            while (rows.next()) {
                done.put(rows.getString("script"), rows.getBoolean("success") ? rows.getInt("checksum") : null);
            }
            return done.equals(checksums());
        } catch (SQLException e) {
            if (Refusal.state(e).equals(UNDEFINED_TABLE)) {
                return false;
            }
            throw e;
        }
    }

    private static Map<String, Integer> checksums() {
        URL folder = Objects.requireNonNull(Migrations.class.getResource("/" + FOLDER));
        try {
            if (!(folder.openConnection() instanceof JarURLConnection jar)) {
                return checksums(Path.of(folder.toURI()));
            }
            try (FileSystem content = FileSystems.newFileSystem(Path.of(jar.getJarFileURL().toURI()))) {
                return checksums(content.getPath(FOLDER));
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(FOLDER + " cannot be read", e);
        }
    }

    private static Map<String, Integer> checksums(Path folder) throws IOException {
        var checksums = new HashMap<String, Integer>();
        try (Stream<Path> scripts = Files.list(folder)) {
            for (Path script : scripts.toList()) {
                checksums.put(script.getFileName().toString(), checksum(script));
            }
        }
        return checksums;
    }

    // As Flyway counts it (13.12.0, `ChecksumCalculator`): the lines, without what ends them.
    private static int checksum(Path script) throws IOException {
        var checksum = new CRC32();
        try (Stream<String> lines = Files.lines(script)) {
            lines.forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
        }
        return (int) checksum.getValue();
    }
}
