package dev.heddle.notices;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.mail.FakeSmtp;

import tools.jackson.databind.JsonNode;

/// The server with a mail server that does what the test wants. One connection, so that the mails of a task go out in
/// order.
final class NoticeApp implements AutoCloseable {
    private static final Map<String, String> QUICK = Map.of("HEDDLE_TASKS_POLL", "20ms", "HEDDLE_TASKS_BACKOFF", "10ms",
            "HEDDLE_TASKS_LONGEST_BACKOFF", "20ms", "HEDDLE_MAIL_STARTTLS", "never", "HEDDLE_MAIL_CONNECTIONS", "1",
            "HEDDLE_MAIL_FROM", "heddle@example.net");

    final FakeSmtp mailServer = new FakeSmtp();
    final TestApp app;

    NoticeApp() {
        var settings = new HashMap<>(QUICK);
        settings.put("HEDDLE_MAIL_SMTP", "smtp://127.0.0.1:" + mailServer.port());
        app = TestApp.start(settings);
    }

    /// The task that was accepted, once it is finished.
    JsonNode finished(Answer accepted) {
        String path = "/tasks/" + accepted.expect(202).json().get("task_id").asString();
        return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> app.get(path).expect(200).json(), task -> !task.get("completed_at").isNull());
    }

    /// A JSON array of these.
    static String json(List<String> texts) {
        return texts.stream().map(text -> "\"" + text + "\"").collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void close() throws IOException {
        app.close();
        mailServer.close();
    }
}
