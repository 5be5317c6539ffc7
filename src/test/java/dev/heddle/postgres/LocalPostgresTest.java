package dev.heddle.postgres;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

import dev.heddle.settings.CannotStart;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LocalPostgresTest {
    private static final Path PROGRAMS = Path.of("target");
    private static final Duration READY_AFTER_KILL = Duration.ofSeconds(3);

    @TempDir
    private static Path prepared;

    @TempDir
    private Path data;

    @BeforeAll
    static void prepare() {
        LocalPostgres.start(prepared, PROGRAMS).close();
    }

    @Test
    void aFreshFolderBecomesADurableDatabase() throws SQLException {
        try (LocalPostgres postgres = LocalPostgres.start(data, PROGRAMS)) {

            assertEquals("on", ask(postgres, "show fsync"));
            assertEquals("on", ask(postgres, "show synchronous_commit"));
            assertEquals("on", ask(postgres, "show full_page_writes"));
            assertEquals("127.0.0.1", ask(postgres, "show listen_addresses"));
            assertEquals("UTF8", ask(postgres, "show server_encoding"));
            assertEquals(Binaries.VERSION, ask(postgres, "show server_version"));
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() {
        try (LocalPostgres postgres = start()) {
            String url = postgres.jdbcUrl().replaceFirst("password=.*", "password=guess");

            SQLException refusal = assertThrows(SQLException.class, () -> DriverManager.getConnection(url).close());

            assertEquals("28P01", refusal.getSQLState());
        }
    }

    @Test
    void dataSurviveARestart() throws SQLException {
        String url;
        try (LocalPostgres postgres = start()) {
            url = postgres.jdbcUrl();
            run(postgres, "create table kept as select 42 as answer");
        }

        try (LocalPostgres postgres = start()) {
            assertEquals(url, postgres.jdbcUrl());
            assertEquals("42", ask(postgres, "select answer from kept"));
        }
    }

    @Test
    void aPortThatIsTakenMeanwhileIsGivenUp() throws Exception {
        String before;
        try (LocalPostgres postgres = start()) {
            before = postgres.jdbcUrl();
        }
        int port = Integer.parseInt(before.replaceFirst(".*:(\\d+)/.*", "$1"));

        try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                LocalPostgres postgres = start()) {
            assertNotEquals(taken.getLocalPort(), Integer.parseInt(ask(postgres, "show port")));
        }
    }

    @Test
    void closingTwiceIsFineAndLeavesNoProcess() {
        LocalPostgres postgres = start();
        long pid = postgres.pid();

        postgres.close();
        postgres.close();

        await().until(() -> isGone(pid));
    }

    @Test
    void whatAKilledServerLeftRunningIsTakenOver() throws Exception {
        try (LocalPostgres postgres = start()) {
            run(postgres, "create table kept (round int)");
        }
        var pids = new HashSet<Long>();

        for (int round = 1; round <= 10; round++) {
            long begin = System.nanoTime();
            try (Owner owner = startOwner()) {
                Duration ready = Duration.ofNanos(System.nanoTime() - begin);
                assertTrue(ready.compareTo(READY_AFTER_KILL) <= 0, "round " + round + " took " + ready);
                pids.add(owner.pid);
                try (Connection connection = DriverManager.getConnection(owner.url);
                        Statement statement = connection.createStatement()) {
                    statement.execute("insert into kept values (" + round + ")");
                }
            }
        }

        try (LocalPostgres postgres = start()) {
            assertEquals(List.of(postgres.pid()), List.copyOf(pids));
            assertEquals("10", ask(postgres, "select count(distinct round) from kept"));
        }
    }

    @Test
    void oneThatDoesNotAnswerIsStoppedAndStartedAnew() throws Exception {
        long pid;
        try (Owner owner = startOwner()) {
            pid = owner.pid;
        }
        Path file = data.resolve("pg/postmaster.pid").toRealPath();
        String wrongPort = Files.readString(file).replaceFirst("(?s)((?:[^\n]*\n){3})\\d+", "$11");
        Files.writeString(file, wrongPort);

        try (LocalPostgres postgres = start()) {
            assertNotEquals(pid, postgres.pid());
            assertEquals("1", ask(postgres, "select 1"));
        }
    }

    @Test
    void aPidFileOfADeadProcessIsNoObstacle() throws Exception {
        start().close();
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        writePidFile(dead.pid() + "\n" + data + "/pg\n1\n5432\n\n127.0.0.1\n 1 1\nready\n");

        try (LocalPostgres postgres = start()) {
            assertEquals("1", ask(postgres, "select 1"));
        }
    }

    @Test
    void aPidFileThatNamesAnotherProgramIsNoObstacle() throws Exception {
        start().close();
        writePidFile(ProcessHandle.current().pid() + "\n" + data + "/pg\n1\n5432\n\n127.0.0.1\n 1 1\nready\n");

        try (LocalPostgres postgres = start()) {
            assertEquals("1", ask(postgres, "select 1"));
        }
    }

    @Test
    void garbageInThePidFileIsNoObstacle() throws Exception {
        start().close();
        writePidFile("what is\u0000this\n");

        try (LocalPostgres postgres = start()) {
            assertEquals("1", ask(postgres, "select 1"));
        }
    }

    @Test
    void garbageInThePidFileDoesNotHideARunningServer() throws Exception {
        long pid;
        try (Owner owner = startOwner()) {
            pid = owner.pid;
        }
        writePidFile("");

        try (LocalPostgres postgres = start()) {
            assertNotEquals(pid, postgres.pid());
            await().until(() -> isGone(pid));
        }
    }

    @Test
    void aHalfMadeFolderIsMadeAnew() throws Exception {
        Path half = Files.createDirectories(data.resolve("pg.making"));
        Files.writeString(half.resolve("PG_VERSION"), "18\n");

        try (LocalPostgres postgres = LocalPostgres.start(data, PROGRAMS)) {
            assertEquals("1", ask(postgres, "select 1"));
        }
    }

    @Test
    void aSecondServerIsRefused() throws Exception {
        String sentence = "another Heddle already uses the data folder " + data;

        try (Owner _ = startOwner()) {
            assertEquals(sentence, assertThrows(CannotStart.class, this::start).getMessage());
        }

        try (LocalPostgres _ = start()) {
            assertEquals(sentence, assertThrows(CannotStart.class, this::start).getMessage());
            assertThrows(IOException.class, () -> startOwner().close());
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefused() throws Exception {
        Path file = Files.writeString(data.resolve("file"), "");

        CannotStart refusal = assertThrows(CannotStart.class,
                () -> LocalPostgres.start(file.resolve("data"), PROGRAMS));

        assertTrue(refusal.getMessage().startsWith("the data folder " + file.resolve("data") + " cannot be written"));
    }

    @Test
    void dataOfAnotherMajorVersionAreRefusedAndKept() throws Exception {
        Path version = Files.createDirectories(data.resolve("pg")).resolve("PG_VERSION");
        Files.writeString(version, "17\n");

        CannotStart refusal = assertThrows(CannotStart.class, this::start);

        assertTrue(refusal.getMessage().contains("made by PostgreSQL 17; this Heddle brings PostgreSQL 18"));
        assertEquals("17\n", Files.readString(version));
    }

    @Test
    void aForeignFolderIsRefusedAndKept() throws Exception {
        Path letter = Files.createDirectories(data.resolve("pg")).resolve("letter.txt");
        Files.writeString(letter, "dear");

        assertThrows(CannotStart.class, this::start);

        assertEquals("dear", Files.readString(letter));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theInterruptOfATerminalDoesNotReachIt() throws Exception {
        try (LocalPostgres postgres = start()) {

            assertNotEquals(processGroup(ProcessHandle.current().pid()), processGroup(postgres.pid()));
        }
    }

    private static boolean isGone(long pid) {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty();
    }

    private static String processGroup(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        return stat.substring(stat.lastIndexOf(')')).split(" ")[3];
    }

    private void writePidFile(String content) throws IOException {
        Files.writeString(data.resolve("pg/postmaster.pid"), content);
    }

    private LocalPostgres start() {
        copyPrepared();
        return LocalPostgres.start(data, PROGRAMS);
    }

    private Owner startOwner() throws IOException, InterruptedException {
        copyPrepared();
        return Owner.start(data);
    }

    // Copying takes a tenth of the time that making does.
    private void copyPrepared() {
        if (Files.exists(data.resolve("pg"))) {
            return;
        }
        try (Stream<Path> all = Files.walk(prepared.resolve("pg"))) {
            for (Path path : all.toList()) {
                Files.copy(path, data.resolve(prepared.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ask(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void run(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// A process that starts PostgreSQL and holds it; closing kills the process, as `kill -9` does.
    private static final class Owner implements AutoCloseable {
        private final Process process;
        private final long pid;
        private final String url;

        private Owner(Process process, String line) {
            this.process = process;
            this.pid = Long.parseLong(line.split(" ")[0]);
            this.url = line.split(" ")[1];
        }

        static Owner start(Path data) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(),
                    "--enable-preview", "-cp", System.getProperty("java.class.path"), Owner.class.getName(),
                    data.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            BufferedReader output = process.inputReader();
            String line = output.readLine();
            if (line == null) {
                process.waitFor();
                throw new IOException("it did not start");
            }
            return new Owner(process, line);
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }

        public static void main(String[] arguments) throws InterruptedException {
            LocalPostgres postgres = LocalPostgres.start(Path.of(arguments[0]), PROGRAMS);
            System.out.println(postgres.pid() + " " + postgres.jdbcUrl());
            Thread.sleep(Duration.ofHours(1));
        }
    }
}
