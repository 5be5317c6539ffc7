package dev.heddle.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.heddle.settings.CannotStart;

/// The process that serves a [Cluster], and the port that it listens on.
record Postmaster(ProcessHandle process, int port) {
    private static final int START_ATTEMPTS = 3;
    private static final int START_SECONDS = 120;
    private static final Duration STOP_TIME = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);
    private static final int ANSWER_SECONDS = 2;
    private static final Pattern PORT = Pattern.compile("\"-p\" \"(\\d{1,5})\"");
    private static final List<String> SETTINGS = List.of("listen_addresses=127.0.0.1", "unix_socket_directories=",
            "max_connections=200", "shared_buffers=128MB", "fsync=on", "synchronous_commit=on", "jit=off",
            "timezone=UTC", "log_min_messages=log", "log_checkpoints=off");

    /// The one that a killed Heddle left behind, if it still answers. One that does not is stopped.
    static Optional<Postmaster> adopt(Cluster cluster, Binaries binaries) throws IOException, InterruptedException {
        Path folder = cluster.folder();
        if (!Files.exists(PidFile.path(folder))) {
            return Optional.empty();
        }
        Optional<PidFile> said = PidFile.read(folder);
        Optional<ProcessHandle> process = said.isPresent() ? said.get().process(folder) : PidFile.search(folder);
        if (process.isPresent()) {
            var found = new Postmaster(process.get(), said.map(PidFile::port).orElse(0));
            if (found.answersFor(cluster)) {
                return Optional.of(found);
            }
            found.stop(cluster, binaries);
        }
        // PostgreSQL would refuse to start on a file that it cannot read, or whose number another program bears by now.
        Files.deleteIfExists(PidFile.path(folder));
        return Optional.empty();
    }

    /// Starts one, and returns when it answers.
    static Postmaster start(Cluster cluster, Binaries binaries) throws IOException, InterruptedException {
        Path log = cluster.folder().resolveSibling("postgres.log");
        Files.deleteIfExists(log);
        int port = formerPort(cluster);
        for (int attempt = 1;; attempt++) {
            try {
                // pg_ctl gives it a session of its own, so that a terminal's Ctrl-C does not reach it.
                binaries.run("pg_ctl", List.of("start", "-w", "-t", Integer.toString(START_SECONDS), "-s", "-D",
                        cluster.folder().toString(), "-l", log.toString(), "-o", options(port)));
                return started(cluster);
            } catch (ToolFailed e) {
                if (attempt == START_ATTEMPTS || !Files.readString(log).contains("could not bind")) {
                    throw new IOException(e.getMessage() + " (see " + log + ")", e);
                }
                port = freePort();
            }
        }
    }

    /// Ends it: in order, else at once.
    ///
    /// @throws CannotStart if it does not end
    void stop(Cluster cluster, Binaries binaries) throws IOException, InterruptedException {
        for (String signal : List.of("INT", "QUIT")) {
            if (isGone(cluster)) {
                return;
            }
            try {
                binaries.run("pg_ctl", List.of("kill", signal, Long.toString(process.pid())));
            } catch (ToolFailed _) {
                // It has ended meanwhile, which the next look will tell.
            }
            long giveUpNanos = System.nanoTime() + STOP_TIME.toNanos();
            while (!isGone(cluster) && System.nanoTime() < giveUpNanos) {
                Thread.sleep(LOOK_AGAIN);
            }
        }
        if (!isGone(cluster)) {
            throw new CannotStart("PostgreSQL (process " + process.pid() + ") neither answers nor ends; kill it");
        }
    }

    // It takes its file away as the last thing it does. The process itself may stay on as a zombie, where this server
    // runs as process 1 of a container; and `ProcessHandle.onExit` looks only about once in two seconds.
    private boolean isGone(Cluster cluster) {
        return !Files.exists(PidFile.path(cluster.folder())) || !process.isAlive();
    }

    private static Postmaster started(Cluster cluster) throws IOException {
        PidFile said = PidFile.read(cluster.folder()).orElseThrow(() -> new IOException("it ended at once"));
        ProcessHandle process = said.process(cluster.folder()).orElseThrow(() -> new IOException("it ended at once"));
        return new Postmaster(process, said.port());
    }

    // The same port as before where it is free, so that other nodes and open tools find it again after a restart.
    private static int formerPort(Cluster cluster) throws IOException {
        Path options = cluster.folder().resolve("postmaster.opts");
        Matcher port = PORT.matcher(Files.exists(options) ? Files.readString(options) : "");
        return port.find() ? Integer.parseInt(port.group(1)) : freePort();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String options(int port) {
        return SETTINGS.stream().map(setting -> "-c " + setting)
                .collect(Collectors.joining(" ", "-p " + port + " ", ""));
    }

    private boolean answersFor(Cluster cluster) {
        if (port == 0) {
            return false;
        }
        String url = cluster.jdbcUrl(port, "postgres") + "&loginTimeout=" + ANSWER_SECONDS + "&socketTimeout="
                + ANSWER_SECONDS;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            return row.next() && Path.of(row.getString(1)).equals(cluster.folder());
        } catch (SQLException _) {
            return false;
        }
    }
}
