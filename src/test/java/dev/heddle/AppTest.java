package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import dev.heddle.postgres.LocalPostgres;
import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppTest {
    private static final Path PROGRAMS = Path.of("target");

    @TempDir
    private static Path data;

    @Test
    void aDatabaseThatIsAwayMakesTheServerNotReadyYetAlive() throws Exception {
        LocalPostgres postgres = LocalPostgres.start(data, PROGRAMS);
        try (App app = App.start(settings(Map.of("HEDDLE_DB_URL", postgres.jdbcUrl(), "HEDDLE_SERVER_PORT", "0")))) {
            get(app, "/health/ready").expect(200);

            postgres.close();

            Answer refusal = get(app, "/health/ready").expect(503);
            assertEquals("application/problem+json", refusal.header("content-type").orElseThrow());
            assertEquals("1", refusal.header("retry-after").orElseThrow());
            get(app, "/health/live").expect(200);
            get(app, "/db-pool-status").expect(200);
            get(app, "/metrics").expect(200);
        } finally {
            postgres.close();
        }
    }

    @Test
    void aStartThatFailsInTheMiddleStopsWhatItStarted() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var settings = settings(Map.of("HEDDLE_DATA_FOLDER", data.toString(), "HEDDLE_SERVER_PORT",
                    String.valueOf(taken.getLocalPort())));

            CannotStart refusal = assertThrows(CannotStart.class, () -> App.start(settings));

            assertTrue(refusal.getMessage().startsWith("cannot listen on 127.0.0.1 port "), refusal.getMessage());
            assertTrue(Files.exists(data.resolve("pg/PG_VERSION")), "the database was started");
            assertTrue(Files.notExists(data.resolve("pg/postmaster.pid")), "and stopped");
        }
        LocalPostgres.start(data, PROGRAMS).close();
    }

    @Test
    void closingTwiceIsFine() {
        App app = App.start(settings(Map.of("HEDDLE_DATA_FOLDER", data.toString(), "HEDDLE_SERVER_PORT", "0")));

        app.close();
        app.close();

        assertTrue(Files.notExists(data.resolve("pg/postmaster.pid")));
    }

    private static Settings settings(Map<String, String> environment) {
        return Settings.read(Path.of("no-such-file.yaml"), environment);
    }

    private static Answer get(App app, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return new Answer(client.send(HttpRequest.newBuilder(URI.create(app.address() + path)).build(),
                    BodyHandlers.ofByteArray()));
        }
    }
}
