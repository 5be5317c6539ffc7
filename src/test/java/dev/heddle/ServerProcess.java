package dev.heddle;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The real server in a process of its own, started in a folder as a person would start it. Closing kills it.
public final class ServerProcess implements AutoCloseable {
    private static final int MOST_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final long startNanos = System.nanoTime();
    private final Path errors;
    private final Process process;
    private final BufferedReader output;

    private ServerProcess(Path folder, Map<String, String> settings) throws IOException {
        errors = Files.createTempFile(folder, "stderr", ".txt");
        var builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-preview", "-Xmx256m", "-classpath", System.getProperty("java.class.path"),
                Main.class.getName()).directory(folder.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HEDDLE_"));
        builder.environment().putAll(settings);
        process = builder.start();
        output = process.inputReader();
    }

    /// Starts it in `folder` with settings given by their environment variables, and does not wait for anything.
    public static ServerProcess start(Path folder, Map<String, String> settings) {
        try {
            return new ServerProcess(folder, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts it in `folder` on a free port. Told to stop, it does not wait long for connections that are kept alive.
    public static ServerProcess start(Path folder) {
        return start(folder, Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_SERVER_GRACE", "500ms"));
    }

    /// The next line that it prints; waits for it.
    public String nextLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new AssertionError("it ended without a word more: " + errors());
        }
        return line;
    }

    /// Where it answers, as it says itself.
    public URI address() throws IOException {
        return URI.create(nextLine().split(" ")[3]);
    }

    /// Since it was started.
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    public Answer get(URI address, String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address.resolve(path)));
    }

    public Answer post(URI address, String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address.resolve(path)).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json)));
    }

    Answer post(URI address, String path, String mediaType, byte[] body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(address.resolve(path)).header("Content-Type", mediaType)
                .POST(BodyPublishers.ofByteArray(body)));
    }

    private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return new Answer(client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofByteArray()));
    }

    /// Tells it to stop, as SIGTERM does.
    public void stop() {
        // Process.destroy would close its output, too.
        process.toHandle().destroy();
    }

    /// Waits for its end, and says its exit code.
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs after " + MOST_SECONDS + " s");
        }
        return process.exitValue();
    }

    /// What it has printed and nobody has read yet, after its end.
    public List<String> restOfOutput() {
        return output.lines().toList();
    }

    public List<String> errors() throws IOException {
        return Files.readAllLines(errors);
    }

    /// Kills it, as SIGKILL does, and waits for its end.
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        client.close();
    }
}
