package dev.heddle.files;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.heddle.TestApp;
import dev.heddle.formats.TestPictures;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Uploads that end badly, and many large ones at once, byte by byte.
@Timeout(120)
class UploadTest {
    private static final int MIB = 1024 * 1024;
    private static final int AT_ONCE = 20;
    private static final int MOST_HEAP_EACH = 4 * MIB;
    private static final String HEAD = "POST /files HTTP/1.1\r\nHost: a\r\nContent-Type: " + Multipart.TYPE + "\r\n";

    @TempDir
    private Path folder;
    private TestApp app;

    @BeforeEach
    void start() {
        app = TestApp.start(Map.of("HEDDLE_FILES_FOLDER", folder.toString(), "HEDDLE_SERVER_STALL", "60s"));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void anUploadThatIsCutLeavesNothing() {
        byte[] body = Multipart.of(TestPictures.largePng(600_000)).operations("[]").bytes();
        for (int length : new int[]{0, 10, 150, 200, 300_000, body.length - 20, body.length - 1}) {
            try (RawHttp connection = connect()) {
                connection.send(HEAD + "Content-Length: " + body.length + "\r\n\r\n")
                        .send(Arrays.copyOf(body, length)).finish();

                connection.answer().expectProblem(400);
                assertTrue(connection.isClosed());
            }
        }
        assertNothingIsThere();
    }

    @Test
    void anUploadWhoseChunksAreBrokenLeavesNothing() {
        byte[] body = Multipart.of(TestPictures.png(8, 8)).bytes();
        try (RawHttp connection = connect()) {
            connection.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length) + "\r\n")
                    .send(body).send("\r\nnonsense\r\n");

            connection.answer().expectProblem(400);
        }
        assertNothingIsThere();
    }

    @Test
    void anUploadThatStopsOrTakesTooLongIsCut() {
        byte[] body = Multipart.of(TestPictures.largePng(600_000)).bytes();
        try (TestApp hasty = TestApp.start(Map.of("HEDDLE_FILES_FOLDER", folder.toString(), "HEDDLE_SERVER_STALL",
                "300ms", "HEDDLE_FILES_LONGEST_UPLOAD", "2s"))) {
            try (RawHttp connection = RawHttp.connect(hasty.address().getPort())) {
                connection.send(HEAD + "Content-Length: " + body.length + "\r\n\r\n").send(Arrays.copyOf(body, 9_000));

                assertTrue(connection.isClosed());
            }
            try (RawHttp connection = RawHttp.connect(hasty.address().getPort())) {
                connection.send(HEAD + "Content-Length: " + body.length + "\r\n\r\n");
                Thread sender = Thread.startVirtualThread(() -> trickle(connection, body));

                // Told so, unless the time passes while a read waits: the interrupt that ends the read closes the socket.
                assertTrue(Set.of("HTTP/1.1 504 Gateway Timeout", "closed").contains(firstLine(connection)));
                sender.interrupt();
            }
            assertEquals(0, count(hasty, "files") + count(hasty, "picture_chunks"));
            assertEquals(List.of(), List.of(folder.toFile().list()));
        }
    }

    private static String firstLine(RawHttp connection) {
        try {
            return connection.line();
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof SocketTimeoutException ? "silence" : "closed";
        }
    }

    private static void trickle(RawHttp connection, byte[] body) {
        try {
            for (byte each : body) {
                connection.send(new byte[]{each});
                Thread.sleep(20);
            }
        } catch (InterruptedException | UncheckedIOException _) {
            // The server closed, or the test ended.
        }
    }

    @Test
    void whatIsNoPictureIsRefusedBeforeItHasArrived() {
        try (RawHttp connection = connect()) {
            byte[] body = Multipart.of(new byte[16 * MIB]).bytes();
            connection.send(HEAD + "Expect: 100-continue\r\nContent-Length: " + body.length + "\r\n\r\n");
            connection.send(Arrays.copyOf(body, 200));

            connection.answer().expectProblem(415);
        }
        assertNothingIsThere();
    }

    @Test
    void uploadsWaitOnTheDiskAndNotInMemory() {
        byte[] body = Multipart.of(TestPictures.largePng(16 * MIB - 1_000)).bytes();
        var connections = new ArrayList<RawHttp>();
        long before = heap();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                connections.add(connect().send(HEAD + "Content-Length: " + body.length + "\r\n\r\n"));
                // What the kernel holds back of this is a few mebibytes.
                connections.getLast().send(Arrays.copyOf(body, 12 * MIB));
            }
            assertEquals(AT_ONCE + 1, inFlight());
            long each = (heap() - before) / AT_ONCE;

            System.out.println("Heap per upload of 16 MiB, " + AT_ONCE + " at once, in the midst of it: " + each / 1024
                    + " KiB");
            assertTrue(each < MOST_HEAP_EACH, each + " bytes");
            assertEquals(List.of(), List.of(folder.toFile().list()), "what waits has no name");
            assertEquals(0, app.get("/db-pool-status").json().get("checked_out").asInt());
        } finally {
            connections.forEach(RawHttp::close);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> heap() - before < 20L * MIB);
        assertNothingIsThere();
    }

    @Test
    void slowReadersHoldNeitherMemoryNorConnections() {
        byte[] png = TestPictures.largePng(16 * MIB - 1_000);
        String path = "/files/" + app.ask("POST", "/files").body(Multipart.TYPE, Multipart.of(png).bytes()).send()
                .expect(202).json().get("file_id").asString() + "/content";
        await().atMost(Duration.ofSeconds(30)).until(() -> app.get(path.replace("content", "result")).status() == 200);
        var connections = new ArrayList<RawHttp>();
        long before = heap();
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                connections.add(connect().send("GET " + path + " HTTP/1.1\r\nHost: a\r\nRange: bytes=1-\r\n\r\n"));
                assertTrue(connections.getLast().line().contains("206"));
            }
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> app.get("/db-pool-status").json().get("checked_out").asInt() == 0);
            assertEquals(AT_ONCE + 1, inFlight());
            long each = (heap() - before) / AT_ONCE;

            System.out.println("Heap per download of 16 MiB, " + AT_ONCE + " at once, that nobody reads: " + each / 1024
                    + " KiB");
            assertTrue(each < MOST_HEAP_EACH, each + " bytes");
        } finally {
            connections.forEach(RawHttp::close);
        }
        assertArrayEquals(png, app.get(path).expect(200).body());
    }

    @Test
    void furtherUploadsWaitForTheirTurn() {
        try (TestApp one = TestApp.start(Map.of("HEDDLE_FILES_UPLOADS_AT_ONCE", "1"));
                RawHttp first = RawHttp.connect(one.address().getPort());
                RawHttp second = RawHttp.connect(one.address().getPort())) {
            byte[] body = Multipart.of(TestPictures.png(8, 8)).bytes();
            String head = HEAD + "Content-Length: " + body.length + "\r\n\r\n";
            first.send(head).send(Arrays.copyOf(body, 120));
            await().until(() -> inFlight(one) == 2);
            second.send(head).send(body);

            first.send(Arrays.copyOfRange(body, 120, body.length)).answer().expect(202);
            second.answer().expect(202);
        }
    }

    private void assertNothingIsThere() {
        assertEquals(List.of(0L, 0L, 0L, 0L), List.of(count("files"), count("pictures"), count("picture_chunks"),
                count("tasks")));
        assertEquals(List.of(), List.of(folder.toFile().list()));
        app.get("/items").expect(200);
    }

    private RawHttp connect() {
        return RawHttp.connect(app.address().getPort());
    }

    /// What is still used after all that is not was thrown away.
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
        }
        return least;
    }

    /// How many requests are being answered, the one that asks for it among them.
    private int inFlight() {
        return inFlight(app);
    }

    private static int inFlight(TestApp asked) {
        String line = asked.get("/metrics").text().lines().filter(each -> each.startsWith("http_requests_in_flight "))
                .findFirst().orElseThrow();
        return (int) Double.parseDouble(line.substring(line.indexOf(' ')));
    }

    private long count(String from) {
        return count(app, from);
    }

    private static long count(TestApp asked, String from) {
        try (Connection connection = DriverManager.getConnection(asked.database().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + from)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
