package dev.heddle.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A server to be measured, in a process of its own.
final class Server implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private Server(Map<String, String> environment, int port, List<String> program) throws IOException {
        this.port = port;
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview", "-Xmx512m", "-cp", System.getProperty("java.class.path")));
        command.addAll(program);
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .directory(Files.createTempDirectory("heddle-bench").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HEDDLE_"));
        builder.environment().putAll(environment);
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /// Heddle on the database at `jdbcUrl`, with settings given by their environment variables.
    static Server heddle(String jdbcUrl, Map<String, String> settings) throws IOException {
        int port = freePort();
        var environment = new HashMap<>(settings);
        environment.putAll(Map.of("HEDDLE_DB_URL", jdbcUrl, "HEDDLE_SERVER_PORT", String.valueOf(port),
                "HEDDLE_SERVER_GRACE", "100ms", "HEDDLE_SERVER_SLOW_REQUEST", "1h", "HEDDLE_DB_CONNECT_TIMEOUT",
                "20s"));
        return new Server(environment, port, List.of("dev.heddle.Main"));
    }

    /// A [BareServer] of this kind.
    static Server bare(String kind, String jdbcUrl) throws IOException {
        int port = freePort();
        return new Server(Map.of(), port,
                List.of(BareServer.class.getName(), kind, String.valueOf(port), jdbcUrl));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    HttpResponse<String> ask(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url(path))).timeout(PATIENCE).build(),
                BodyHandlers.ofString());
    }

    /// The body of a good answer.
    ///
    /// @throws IllegalStateException if the status is not 200
    String get(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = ask(path);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(path + " answers " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    /// Waits up to 60 s until the server answers `path`, and returns the body.
    String await(String path) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            try {
                return get(path);
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException("not started", e);
                }
                Thread.sleep(100);
            }
        }
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
