package dev.heddle;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.heddle.mail.FakeSmtp;
import dev.heddle.mail.FakeSmtp.Step;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The server killed in the midst of many mails, with a real mail server that outlives it: each address gets one mail or
/// none, and what the task says of it afterwards is what the mail server saw, or that it does not know.
@Timeout(1_800)
class BulkMailTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int ROUNDS = IS_FULL ? 15 : 2;
    private static final int MAILS = IS_FULL ? 2_000 : 400;
    private static final int CONNECTIONS = 4;
    private static final int MANY = 10_000;

    @TempDir
    private Path folder;
    private final GreenMail mailServer = new GreenMail(setup());

    @BeforeEach
    void start() {
        mailServer.start();
    }

    @AfterEach
    void stop() {
        mailServer.stop();
    }

    @Test
    void noAddressGetsTwoMailsAndNoneIsForgottenWheneverTheServerIsKilled() throws Exception {
        var unknown = new TreeMap<String, Integer>();
        for (int round = 0; round < ROUNDS; round++) {
            String domain = "round" + round + ".example.org";
            int kills = IS_FULL ? 3 : 1;
            JsonNode task = sendWithKills(domain, kills);

            Map<String, Integer> received = received(domain);
            JsonNode result = task.get("result");
            assertEquals(Set.of(1), new TreeSet<>(received.values()), "an address got two mails");
            assertEquals(0, result.get("failed").asInt(), task::toString);
            assertEquals(MAILS, result.get("sent").asInt() + result.get("unknown").asInt(), task::toString);
            assertTrue(result.get("unknown").asInt() <= kills * CONNECTIONS, task::toString);
            Set<String> doubtful = result.get("troubles").valueStream().map(each -> each.get("email").asString())
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> missing = addresses(domain, MAILS).filter(address -> !received.containsKey(address))
                    .collect(Collectors.toCollection(TreeSet::new));
            assertEquals(result.get("unknown").asInt(), doubtful.size());
            assertTrue(doubtful.containsAll(missing), () -> missing + " are said to be sent");
            unknown.put(domain, doubtful.size());
        }
        System.out.println(
                "Mails: " + MAILS + " a round, no address twice, none forgotten; unknown: " + unknown.values());
    }

    @Test
    void theMailUnderWayWhenTheServerIsKilledIsReportedAndNotRepeated() throws Exception {
        try (var silent = new FakeSmtp()) {
            silent.at(Step.DOT, "250 ok", FakeSmtp.SILENCE);
            var settings = new HashMap<>(settings(true));
            settings.put("HEDDLE_MAIL_SMTP", "smtp://127.0.0.1:" + silent.port());
            settings.put("HEDDLE_MAIL_CONNECTIONS", "1");
            String path;
            try (ServerProcess server = ServerProcess.start(folder, settings)) {
                path = accept(server, server.address(), "b", 4);
                silent.awaitSilence();
            }

            try (ServerProcess server = ServerProcess.start(folder, settings)) {
                JsonNode result = finished(server, server.address(), path).get("result");

                assertEquals(TestApp.parsed("""
                        {"sent": 3, "failed": 0, "unknown": 1, "troubles": [{"email": "u1@b", "state": "unknown",
                         "reason": "the server was stopped while it was being sent"}]}
                        """), result);
                assertEquals(List.of("u0@b", "u1@b", "u2@b", "u3@b"), silent.recipients());
                server.stop();
                server.exitCode();
            }
        }
    }

    /// The figure of a whole list: run by `mvn -Pfull test -Dtest=BulkMailTest`.
    @Test
    void aWholeListIsSentInReasonableTime() throws Exception {
        int mails = IS_FULL ? MANY : 200;
        for (boolean isSmtp : new boolean[]{false, true}) {
            try (ServerProcess server = ServerProcess.start(folder, settings(isSmtp))) {
                URI address = server.address();
                long start = System.nanoTime();
                String path = accept(server, address, "figure" + isSmtp + ".example.org", mails);
                JsonNode task = finished(server, address, path);
                double seconds = (System.nanoTime() - start) / 1e9;

                assertEquals(mails, task.get("result").get("sent").asInt(), task::toString);
                System.out.printf("%,d mails %s in %.1f s: %,.0f/s%n", mails,
                        isSmtp ? "to GreenMail over 4 connections" : "into the outbox", seconds, mails / seconds);
                server.stop();
                server.exitCode();
            }
        }
    }

    private JsonNode sendWithKills(String domain, int kills) throws Exception {
        String path = "";
        for (int kill = 0; kill < kills; kill++) {
            try (ServerProcess server = ServerProcess.start(folder, settings(true))) {
                URI address = server.address();
                path = kill == 0 ? accept(server, address, domain, MAILS) : path;
                int until = ThreadLocalRandom.current().nextInt(MAILS * kill / kills + 1, MAILS * (kill + 1) / kills);
                await().atMost(Duration.ofSeconds(120)).pollInterval(Duration.ofMillis(1))
                        .until(() -> count(domain) >= until);
            }
        }
        try (ServerProcess server = ServerProcess.start(folder, settings(true))) {
            JsonNode task = finished(server, server.address(), path);
            server.stop();
            server.exitCode();
            return task;
        }
    }

    private static String accept(ServerProcess server, URI address, String domain, int mails) throws Exception {
        String list = addresses(domain, mails).collect(Collectors.joining("\",\"", "[\"", "\"]"));
        Answer answer = server.post(address, "/send-bulk-emails?template=Hello%20%7Bname%7D", list).expect(202);
        return "/tasks/" + answer.json().get("task_id").asString();
    }

    private static JsonNode finished(ServerProcess server, URI address, String path) {
        return await().atMost(Duration.ofSeconds(600)).pollInterval(Duration.ofMillis(100))
                .until(() -> server.get(address, path).expect(200).json(), task -> !task.get("completed_at").isNull());
    }

    private static ServerSetup setup() {
        var setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        // Its own two seconds are too short on a busy machine.
        setup.setServerStartupTimeout(60_000);
        return setup;
    }

    private Map<String, String> settings(boolean isSmtp) {
        String url = isSmtp ? "smtp://127.0.0.1:" + mailServer.getSmtp().getPort() : "";
        return Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_SERVER_GRACE", "500ms", "HEDDLE_MAIL_SMTP", url,
                "HEDDLE_MAIL_STARTTLS", "never", "HEDDLE_MAIL_CONNECTIONS", String.valueOf(CONNECTIONS),
                "HEDDLE_TASKS_HEARTBEAT", "250ms", "HEDDLE_TASKS_POLL", "50ms", "HEDDLE_DB_CONNECT_TIMEOUT", "30s");
    }

    private static Stream<String> addresses(String domain, int count) {
        return IntStream.range(0, count).mapToObj(i -> "u" + i + "@" + domain);
    }

    private int count(String domain) {
        return mailServer.getReceivedMessagesForDomain(domain).length;
    }

    /// How many mails each address of `domain` got.
    private Map<String, Integer> received(String domain) throws MessagingException {
        var counts = new TreeMap<String, Integer>();
        for (MimeMessage mail : mailServer.getReceivedMessagesForDomain(domain)) {
            counts.merge(String.valueOf(mail.getRecipients(RecipientType.TO)[0]), 1, Integer::sum);
        }
        return counts;
    }
}
