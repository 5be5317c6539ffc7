package dev.heddle.items;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class ItemStreamsTest {
    private static final String NDJSON = "application/x-ndjson";
    // The kernel takes up to 36 MiB of an answer that nobody reads.
    private static final int MORE_THAN_BUFFERS_HOLD = 40_000;
    private static final String EXPORTING = """
            from pg_stat_activity
             where xact_start is not null and backend_type = 'client backend' and pid <> pg_backend_pid()
               and datname = current_database()
            """;
    private static final JsonMapper JSON = new JsonMapper();

    private TestApp app;
    private Connection connection;
    private Statement sql;
    // Another than the one that holds locks, since within a transaction PostgreSQL shows one moment of its activity.
    private Connection observer;

    @BeforeEach
    void start() throws SQLException {
        app = TestApp.start();
        connection = DriverManager.getConnection(app.database().jdbcUrl());
        sql = connection.createStatement();
        observer = DriverManager.getConnection(app.database().jdbcUrl());
    }

    @AfterEach
    void stop() throws SQLException {
        observer.close();
        connection.close();
        app.close();
    }

    @Test
    void anImportStoresTheGoodLinesAndNamesTheBadOnes() throws SQLException {
        JsonNode outcome = imported("""
                {"name": "a", "price": 1}
                {"name": "b"}

                nonsense
                {"name": "c", "price": 2, "description": "d"}""");

        assertEquals(2, outcome.get("imported").asInt());
        assertEquals(2, outcome.get("failed").asInt());
        assertEquals(List.of(2L, 4L), badLines(outcome));
        assertEquals(2, count("from items"));
    }

    @Test
    void anImportReadsCsvWithAHeaderInAnyOrder() throws SQLException {
        Answer answer = app.ask("POST", "/items/import").body("Text/CSV; charset=utf-8", """
                price,name
                12.5,"Shuttle, \\"\\"big\\"\\"\r
                two lines"
                x,Reed
                """.replace("\\", "").getBytes(StandardCharsets.UTF_8)).send().expect(200);

        assertEquals(1, answer.json().get("imported").asInt());
        assertEquals(List.of(4L), badLines(answer.json()));
        assertEquals(1, count("from items where name = E'Shuttle, \"big\"\\r\\ntwo lines' and price = 12.50"));
    }

    @Test
    void anImportOfNothingIsNone() {
        JsonNode outcome = imported("\n\n");

        assertEquals(0, outcome.get("imported").asInt() + outcome.get("failed").asInt());
        app.ask("POST", "/items/import").body("text/csv", "nothing".getBytes()).send().expect(400);
        app.ask("POST", "/items/import").body("application/json", "[]".getBytes()).send().expect(415);
    }

    @Test
    void onlyTheFirstHundredBadLinesAreNamed() {
        JsonNode outcome = imported("bad\n".repeat(100) + lines(0, 1_234) + "bad\n".repeat(1_000));

        assertEquals(1_234, outcome.get("imported").asInt());
        assertEquals(1_100, outcome.get("failed").asInt());
        assertEquals(IntStream.rangeClosed(1, 100).mapToObj(Long::valueOf).toList(), badLines(outcome));
    }

    @Test
    void aBodyThatIsCutIsUnreadableAndTheAnswerSaysWhatWasStored() throws IOException, SQLException {
        byte[] lines = lines(0, 700).getBytes(StandardCharsets.UTF_8);
        try (Socket socket = socket()) {
            socket.getOutputStream().write(("POST /items/import HTTP/1.1\r\nHost: x\r\nContent-Type: " + NDJSON
                    + "\r\nContent-Length: " + (lines.length + 100) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().write(lines);
            socket.getOutputStream().write("{\"name\":\"half".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(answer.startsWith("HTTP/1.1 400 "), answer);
            assertTrue(answer.contains("700 items were imported and 0 lines failed"), answer);
        }
        assertEquals(700, count("from items"));
    }

    @Test
    void aRefusalOfTheDatabaseEndsTheImportWithWhatWasDone() throws SQLException {
        sql.execute("""
                create function refuse() returns trigger language plpgsql as
                $$ begin if new.name = 'poison' then raise exception 'secret'; end if; return new; end $$
                """);
        sql.execute("create trigger refuse before insert on items for each row execute function refuse()");

        JsonNode outcome = imported("bad\n".repeat(200) + lines(0, 5_000)
                + "{\"name\": \"poison\", \"price\": 1}\n" + lines(0, 50_000));

        assertEnded(outcome, 55_201);
        assertFalse(outcome.toString().contains("secret"));
        assertEquals(100, outcome.get("errors").size());
        assertTrue(app.get("/items").expect(200).json().get("has_more").asBoolean());
    }

    @Test
    void aRefusalWhileTheReaderWaitsForRoomEndsTheImport() throws SQLException {
        sql.execute("""
                create function refuse() returns trigger language plpgsql as
                $$ begin perform pg_sleep(0.5); raise exception 'slowly'; end $$
                """);
        sql.execute("create trigger refuse before insert on items for each statement execute function refuse()");

        assertEnded(imported(lines(0, 20_000)), 20_000);
    }

    @Test
    void lostConnectionsEndTheImportWithWhatWasDone() throws Exception {
        sql.execute("begin; lock table items in share mode");

        CompletableFuture<HttpResponse<byte[]>> response = send(lines(0, 20_000).getBytes(StandardCharsets.UTF_8));
        awaitWorkers(3);
        sql.execute("""
                select pg_terminate_backend(pid) from pg_stat_activity
                 where wait_event_type = 'Lock' and datname = current_database()
                """);
        sql.execute("commit");

        assertEnded(JSON.readTree(response.get().body()), 20_000);
    }

    @Test
    void aSlowDatabaseSlowsTheSenderDown() throws Exception {
        sql.execute("begin; lock table items in share mode");
        var sent = new AtomicLong();
        byte[] line = ("{\"name\":\"long\",\"price\":1,\"description\":\"" + "d".repeat(2_000) + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
        Stream<byte[]> endless = Stream.generate(() -> line).limit(12_000)
                .peek(each -> sent.addAndGet(each.length));

        var response = client().sendAsync(HttpRequest.newBuilder(URI.create(app.address() + "/items/import"))
                .header("Content-Type", NDJSON).POST(BodyPublishers.ofByteArrays(endless::iterator)).build(),
                BodyHandlers.ofByteArray());
        awaitWorkers(3);
        await().during(Duration.ofMillis(500)).until(() -> sent.get(), before -> before == sent.get());

        assertTrue(sent.get() < 18_000_000, () -> sent + " bytes were taken in");
        sql.execute("commit");
        assertEquals(12_000, JSON.readTree(response.get().body()).get("imported").asInt());
        assertEquals(12_000, count("from items"));
    }

    @Test
    void anImportWhoseDeadlinePassesIsGivenUp() throws SQLException {
        sql.execute("begin; lock table items in share mode");

        app.ask("POST", "/items/import").header("X-Timeout-Ms", "300").body(NDJSON,
                lines(0, 2_000).getBytes(StandardCharsets.UTF_8)).send().expect(504);

        await().until(() -> checkedOut() == 0);
        await().atMost(Duration.ofSeconds(1))
                .until(() -> count("from pg_stat_activity where state = 'active' and query like '%insert into items%'"
                        + " and pid <> pg_backend_pid() and datname = current_database()") == 0);
        sql.execute("rollback");
        assertEquals(0, count("from items"), "what was given up is not done later");
    }

    @Test
    void whatIsExportedCanBeImportedElsewhereAsItWas() {
        List<String> odd = List.of("🧵🪡", "a\u2028b\u2029c", "\"quoted\" \\ / back\\slash", "Zoe\u0308 ≠ Zoë",
                "\t\r\n\u0001\u001f\u007f", "\uFEFF\uFFFD\uFFFF", "‮right to left", " ", "'; drop table items; --");
        for (String text : odd) {
            app.post("/items", JSON.createObjectNode().put("name", text).put("description", text).put("price", 7)
                    .toString()).expect(201);
        }
        byte[] exported = app.get("/items/export").expect(200).body();

        try (TestApp other = TestApp.start()) {
            JsonNode outcome = other.ask("POST", "/items/import").body(NDJSON, exported).send().expect(200).json();
            byte[] again = other.get("/items/export").expect(200).body();

            assertEquals(odd.size(), outcome.get("imported").asInt(), outcome::toString);
            assertEquals(withoutTimes(exported), withoutTimes(again));
            assertEquals(odd, other.get("/items").json().get("items").valueStream()
                    .map(item -> item.get("name").asString()).toList());
        }
    }

    @Test
    void everyLineOfAnExportIsAnItemAndTheyComeById() throws Exception {
        assertEquals(0, export().body().readAllBytes().length);
        imported(lines(0, 2_500));

        Answer answer = app.get("/items/export").expect(200);

        List<Long> ids = answer.text().lines().map(line -> JSON.readTree(line).get("id").asLong()).toList();
        assertEquals(NDJSON, answer.header("content-type").orElseThrow());
        assertEquals(2_500, ids.size());
        assertEquals(ids.stream().sorted().distinct().toList(), ids);
    }

    /// If the rows were in memory, the loss of the connection would not be noticed; if the answer just ended there, the
    /// caller would not notice.
    @Test
    void anExportComesFromACursorAndIsCutWhereItsConnectionIsLost() throws Exception {
        fill(MORE_THAN_BUFFERS_HOLD);
        HttpResponse<InputStream> response = export();

        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertEquals("item 1", JSON.readTree(lines.readLine()).get("name").asString());
            sql.execute("select pg_terminate_backend(pid) " + EXPORTING);

            assertThrows(UncheckedIOException.class, () -> lines.lines().count());
        }
    }

    @Test
    void aCallerWhoLeavesEndsTheExportAndFreesItsConnection() throws Exception {
        fill(MORE_THAN_BUFFERS_HOLD);
        try (Socket socket = socket()) {
            socket.getOutputStream().write("GET /items/export HTTP/1.1\r\nHost: x\r\n\r\n".getBytes());
            assertEquals('H', socket.getInputStream().read());
            assertEquals(1, checkedOut());
        }

        await().atMost(Duration.ofSeconds(5)).until(() -> checkedOut() == 0);
        assertEquals(0, count(EXPORTING));
    }

    @Test
    void anExportIsOfOneMoment() throws Exception {
        fill(MORE_THAN_BUFFERS_HOLD);
        HttpResponse<InputStream> response = export();

        try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            lines.readLine();
            sql.execute("delete from items where id > 30000");
            fill(10);

            assertEquals(MORE_THAN_BUFFERS_HOLD - 1, lines.lines().count());
        }
    }

    private JsonNode imported(String ndjson) {
        return app.ask("POST", "/items/import").body(NDJSON, ndjson.getBytes(StandardCharsets.UTF_8)).send()
                .expect(200).json();
    }

    private CompletableFuture<HttpResponse<byte[]>> send(byte[] ndjson) {
        return client().sendAsync(HttpRequest.newBuilder(URI.create(app.address() + "/items/import"))
                .header("Content-Type", NDJSON).POST(BodyPublishers.ofByteArray(ndjson)).build(),
                BodyHandlers.ofByteArray());
    }

    private HttpResponse<InputStream> export() throws IOException, InterruptedException {
        return client().send(HttpRequest.newBuilder(URI.create(app.address() + "/items/export")).build(),
                BodyHandlers.ofInputStream());
    }

    private static HttpClient client() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private Socket socket() throws IOException {
        var socket = new Socket(app.address().getHost(), app.address().getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private int checkedOut() {
        return app.get("/db-pool-status").json().get("checked_out").asInt();
    }

    /// An import ended early: what it says is what is stored, and no line is counted twice.
    private void assertEnded(JsonNode outcome, long sent) throws SQLException {
        long imported = outcome.get("imported").asLong();
        assertEquals(imported, count("from items"));
        assertTrue(outcome.get("failed").asLong() > 0);
        assertTrue(imported + outcome.get("failed").asLong() <= sent, outcome::toString);
        assertTrue(outcome.get("errors").valueStream()
                .anyMatch(error -> error.get("msg").asString().startsWith("the import ended here: ")));
    }

    /// Waits until so many workers of an import wait for the lock that this test holds.
    private void awaitWorkers(int workers) {
        await().until(() -> count("from pg_stat_activity where wait_event_type = 'Lock' and query like '%into items%'"
                + " and datname = current_database()") == workers);
    }

    private void fill(int items) throws SQLException {
        sql.execute("insert into items (name, description, price) select 'item ' || n, repeat('d', 1900), n"
                + " from generate_series(1, " + items + ") as n");
    }

    private long count(String from) throws SQLException {
        try (Statement look = observer.createStatement();
                ResultSet rows = look.executeQuery("select count(*) " + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"name\":\"item " + i + "\",\"price\":" + i + ".5}\n")
                .collect(Collectors.joining());
    }

    private static List<Long> badLines(JsonNode outcome) {
        return outcome.get("errors").valueStream().map(error -> error.get("line").asLong()).toList();
    }

    private static String withoutTimes(byte[] exported) {
        return new String(exported, StandardCharsets.UTF_8).replaceAll("\"created_at\":\"[^\"]*\"", "");
    }

    @Test
    void aWronglyFramedImportIsAnsweredAndItsConnectionEnds() throws SQLException {
        try (RawHttp raw = RawHttp.connect(app.address().getPort())) {
            raw.send("POST /items/import HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\ng5\r\nhello\r\n0\r\n\r\n");

            assertEquals(400, raw.answer().status());
            assertTrue(raw.isClosed(), "what follows a framing error must not be read as a request");
        }
        assertEquals(0, count("from items"));
    }
}
