package dev.heddle.db;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import dev.heddle.jdbc.DatabaseSettings;
import dev.heddle.keys.Keys;
import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Settings;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
    private static final TestDatabase DATABASE = TestDatabase.create();

    @AfterAll
    static void drop() {
        DATABASE.close();
    }

    @Test
    void openingTwiceIsFine() {
        try (Database db = DATABASE.open(); Database again = DATABASE.open()) {
            assertTrue(db.isReachable(Duration.ofSeconds(1)));
            assertTrue(again.isReachable(Duration.ofSeconds(1)));
        }
    }

    @Test
    void aMigrationThatWasChangedIsRefused() {
        try (TestDatabase fresh = TestDatabase.create()) {
            fresh.open().update("update flyway_schema_history set checksum = checksum + 1");

            CannotStart refusal = assertThrows(CannotStart.class, fresh::open);

            assertTrue(refusal.getMessage().contains("cannot be migrated: Validate failed"), refusal.getMessage());
        }
    }

    @Test
    void keysAreMadeOnceAndDiffer() throws Exception {
        try (Database one = DATABASE.open();
                Database other = DATABASE.open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var keys = IntStream.range(0, 8)
                    .mapToObj(node -> threads.submit(() -> new Keys(node % 2 == 0 ? one : other).key("cursor")))
                    .toList();

            byte[] key = keys.getFirst().get();
            assertEquals(32, key.length);
            for (Future<byte[]> same : keys) {
                assertArrayEquals(key, same.get());
            }
            assertFalse(Arrays.equals(key, new Keys(one).key("token")));
        }
    }

    @Test
    void aServerThatIsNotThereIsToldInASentence() throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertRefused("the database cannot be reached at 127.0.0.1:" + port,
                "jdbc:postgresql://127.0.0.1:" + port + "/x?user=me&password=secret");
    }

    @Test
    void aServerThatDoesNotAnswerIsToldInASentence() throws IOException {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertRefused("the database cannot be reached at 127.0.0.1:" + silent.getLocalPort(),
                    "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x?user=me&password=secret");
        }
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() {
        String url = DATABASE.jdbcUrl().replaceFirst("password=.*", "password=secret");

        assertRefused("the database at " + place() + " refuses the user or the password of 'postgres'", url);
    }

    @Test
    void aMissingDatabaseIsToldInASentence() {
        assertRefused("there is no database 'nowhere' at " + place(),
                DATABASE.jdbcUrl().replaceFirst("test_\\d+", "nowhere"));
    }

    @Test
    void settingsAreReadAndCheckedAndKeepTheSecret(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("app.yaml"), """
                db:
                  url: jdbc:postgresql://db.example/heddle
                  user: heddle
                  password: secret
                  pool:
                    size: 3
                """);
        Settings settings = Settings.read(file, Map.of());

        DatabaseSettings read = DatabaseSettings.read(settings.page("db"));

        assertEquals(3, read.pool().maximum());
        assertEquals(3, read.pool().idle());
        assertEquals("secret", read.password());
        assertFalse(read.toString().contains("secret"));
        Settings wrong = Settings.read(file, Map.of("HEDDLE_DB_POOL_SIZE", "1001"));
        assertThrows(CannotStart.class, () -> DatabaseSettings.read(wrong.page("db")));
    }

    private static void assertRefused(String sentence, String url) {
        long begin = System.nanoTime();

        CannotStart refusal = assertThrows(CannotStart.class, () -> Database.open(DATABASE.settings(), url));

        assertEquals(sentence, refusal.getMessage());
        assertTrue(Duration.ofNanos(System.nanoTime() - begin).compareTo(Duration.ofSeconds(4)) < 0);
        for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
            assertFalse(cause.toString().contains("secret"), cause.toString());
        }
    }

    private static String place() {
        return DATABASE.jdbcUrl().replaceFirst("jdbc:postgresql://([^/]*)/.*", "$1");
    }
}
