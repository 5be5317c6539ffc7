package dev.heddle.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.embedded.core.ExecutableProvider;

/// A real Redis on a port of its own, which can be killed, started again, frozen and thawed.
public final class TestRedis implements AutoCloseable {
    // Waits are far longer than the default timeout of 50 ms where a test is not about waiting: machines stutter.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final int port = freePort();
    private @Nullable Process process;

    /// One that runs.
    public static TestRedis start() {
        TestRedis redis = notStarted();
        redis.run();
        return redis;
    }

    /// One that will run at its address once it is told to.
    public static TestRedis notStarted() {
        return new TestRedis();
    }

    private TestRedis() {
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    /// Settings that reach it and bear with a slow machine.
    public RedisSettings settings() {
        return settings(PATIENCE);
    }

    public RedisSettings settings(Duration timeout) {
        return new RedisSettings(url(), "test", 8, timeout, Duration.ofMillis(20));
    }

    /// Starts it, with nothing in it.
    public void run() {
        try {
            process = new ProcessBuilder(List.of(Program.FILE.toString(), "--port", String.valueOf(port), "--bind",
                    "127.0.0.1", "--save", "", "--appendonly", "no")).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            awaitReady(process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Forgets everything.
    public void clear() {
        try (var jedis = new Jedis(URI.create(url()))) {
            jedis.flushAll();
        }
    }

    public void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// From now on it accepts connections, as the operating system does for it, and answers nothing.
    public void freeze() {
        signal("-STOP");
    }

    public void thaw() {
        signal("-CONT");
    }

    @Override
    public void close() {
        if (process != null) {
            kill();
        }
    }

    private void signal(String name) {
        try {
            assertEquals(0, new ProcessBuilder("kill", name, String.valueOf(process.pid())).start().waitFor());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitReady(Process process) throws IOException {
        var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); !line.contains("Ready to accept connections"); line = out.readLine()) {
            assertEquals(true, process.isAlive(), line);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Unpacked once.
    private static final class Program {
        private static final File FILE = unpack();

        private static File unpack() {
            try {
                return ExecutableProvider.newJarResourceProvider().get();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
