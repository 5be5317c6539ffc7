package dev.heddle;

import static dev.heddle.upstream.FakeUpstream.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

import dev.heddle.db.TestDatabase;
import dev.heddle.upstream.Certificate;
import dev.heddle.upstream.FakeUpstream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Upstreams that are asked by https.
@Timeout(120)
class SecureUpstreamTest {
    private static final FakeUpstream.Behaviour ANSWER = json("{\"id\": 1, \"source\": \"secure\"}");

    @TempDir
    private Path folder;

    /// The server runs in a process of its own, because a JVM reads once whom it trusts.
    @Test
    void onlyATrustedCertificateOfTheRightHostIsTaken() throws Exception {
        Certificate right = Certificate.of("localhost", folder);
        Certificate ofAnotherHost = Certificate.of("another.example", folder);
        Path trusted = Certificate.trustStore(folder, right, ofAnotherHost);
        try (var github = showing(right);
                var posts = showing(Certificate.of("localhost", folder));
                var external = showing(ofAnotherHost);
                var database = TestDatabase.create();
                var server = ServerProcess.start(folder,
                        Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_DB_CONNECT_TIMEOUT", "20s",
                                "HEDDLE_DB_URL", database.jdbcUrl(), "HEDDLE_UPSTREAM_GITHUB_URL", github.address(),
                                "HEDDLE_UPSTREAM_POSTS_URL", posts.address(),
                                "HEDDLE_UPSTREAM_EXTERNAL_URL", external.address(), "JAVA_TOOL_OPTIONS",
                                trusting(trusted)))) {
            URI address = server.address();

            assertEquals("secure", server.get(address, "/github/ada").expect(200).json().get("source").asString());
            server.get(address, "/github/ada").expect(200);
            Answer untrusted = server.get(address, "/external-data").expect(502);
            Answer wrongHost = server.get(address, "/external-api").expect(502);

            assertEquals(1, github.connections(), "a connection is used again");
            assertEquals("posts cannot be reached", detail(untrusted));
            assertEquals("external cannot be reached", detail(wrongHost));
            assertEquals(0, posts.requests() + external.requests(), "who is not trusted is not asked anything");
        }
    }

    @Test
    void aHandshakeThatHangsEndsInTime() throws IOException {
        try (var silent = new Silent();
                var app = TestApp.start(Map.of("HEDDLE_UPSTREAM_GITHUB_URL", silent.address(),
                        "HEDDLE_UPSTREAM_GITHUB_TIMEOUT", "1s"))) {
            Answer slow = inAbout(Duration.ofSeconds(1), () -> app.get("/github/ada"));
            silent.awaitHangUp();
            inAbout(Duration.ofMillis(500),
                    () -> app.ask("GET", "/github/ada").header("X-Timeout-Ms", "500").send()).expect(504);
            silent.awaitHangUp();

            assertEquals("github did not answer within 1000 ms", detail(slow.expect(504)));
        }
    }

    private static FakeUpstream showing(Certificate certificate) throws GeneralSecurityException {
        return FakeUpstream.secure(ANSWER, certificate.serving());
    }

    private static String trusting(Path store) {
        return "-Djavax.net.ssl.trustStore=" + store + " -Djavax.net.ssl.trustStorePassword=" + Certificate.PASSWORD;
    }

    private static String detail(Answer answer) {
        return answer.json().get("detail").asString();
    }

    private static Answer inAbout(Duration wanted, Supplier<Answer> ask) {
        long start = System.nanoTime();
        Answer answer = ask.get();
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        assertTrue(millis >= wanted.toMillis() && millis < wanted.toMillis() + 10_000, () -> "took " + millis + " ms");
        return answer;
    }

    /// Accepts connections, as the operating system does for it, and says nothing.
    private static final class Silent implements AutoCloseable {
        private static final int PATIENCE_MILLIS = 10_000;

        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("localhost"));

        Silent() throws IOException {
            listener.setSoTimeout(PATIENCE_MILLIS);
        }

        String address() {
            return "https://localhost:" + listener.getLocalPort();
        }

        /// Waits until the next one who connects has gone.
        void awaitHangUp() throws IOException {
            try (Socket socket = listener.accept(); InputStream in = socket.getInputStream()) {
                socket.setSoTimeout(PATIENCE_MILLIS);
                in.transferTo(OutputStream.nullOutputStream());
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
