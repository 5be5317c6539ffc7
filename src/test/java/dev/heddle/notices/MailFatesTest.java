package dev.heddle.notices;

import static dev.heddle.mail.FakeSmtp.CUT;
import static dev.heddle.mail.FakeSmtp.SILENCE;
import static dev.heddle.notices.NoticeApp.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.mail.FakeSmtp;
import dev.heddle.mail.FakeSmtp.Step;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// What becomes of mails whatever the mail server does: each ends as its own fate is, and none is sent twice.
@Timeout(300)
class MailFatesTest {
    private static final NoticeApp NOTICES = new NoticeApp();

    private final TestApp app = NOTICES.app;
    private final FakeSmtp server = NOTICES.mailServer;

    @BeforeEach
    void forget() throws Exception {
        server.reset();
    }

    @AfterAll
    static void stop() throws Exception {
        NOTICES.close();
    }

    @Test
    void eachMailEndsAsItsOwnFateIs() {
        server.at(Step.RCPT, "550 no such user", "450 later", "250 ok").at(Step.DOT, CUT);

        JsonNode task = finished(
                app.post("/send-bulk-emails?template=t", "[\"no@b\", \"later@b\", \"cut@b\", \"ok@b\"]"));

        assertEquals(TestApp.parsed("""
                {"sent": 2, "failed": 1, "unknown": 1, "troubles": [
                  {"email": "no@b", "state": "failed", "reason": "550 no such user"},
                  {"email": "cut@b", "state": "unknown",
                   "reason": "the mail went out, but the server did not say whether it has taken it"}]}
                """), task.get("result"), task::toString);
        assertEquals(List.of("cut@b", "ok@b", "later@b"), server.recipients());
    }

    @Test
    void aServerThatIsAwayIsWaitedFor() {
        server.at(Step.GREETING, "421 busy", CUT, "554 not now");

        JsonNode task = finished(app.post("/send-bulk-emails?template=t", "[\"a@b\", \"c@d\"]"));

        assertEquals(2, task.get("result").get("sent").asInt(), task::toString);
        assertEquals(4, task.get("attempts").asInt());
        assertEquals(List.of("a@b", "c@d"), server.recipients());
    }

    @Test
    void aMailThatIsPutOffTenTimesHasFailed() {
        String[] later = IntStream.range(0, 11).mapToObj(i -> "450 later " + i).toArray(String[]::new);
        server.at(Step.RCPT, later);

        JsonNode task = finished(app.post("/send-bulk-emails?template=t", "[\"a@b\"]"));

        assertEquals(TestApp.parsed("[{\"email\": \"a@b\", \"state\": \"failed\", \"reason\": \"450 later 9\"}]"),
                task.get("result").get("troubles"), task::toString);
        assertEquals(List.of(), server.recipients());
    }

    @Test
    void manyMailsInVainEndATryEarly() {
        server.at(Step.RCPT, IntStream.range(0, 20).mapToObj(_ -> "450 later").toArray(String[]::new));
        List<String> addresses = IntStream.range(0, 30).mapToObj(i -> "u" + i + "@b").toList();

        JsonNode task = finished(app.post("/send-bulk-emails?template=t", json(addresses)));

        assertEquals(30, task.get("result").get("sent").asInt(), task::toString);
        assertEquals(2, task.get("attempts").asInt());
        assertEquals("u20@b", server.recipients().getFirst(), "those that were put off least come first");
    }

    @Test
    void aRefusedMailFailsItsTaskAndIsSentWhenSomebodyRetriesIt() {
        server.at(Step.RCPT, "550 no such user");
        Answer answer = app.post("/tasks", """
                {"kind": "send-email", "data": {"to": "a@b", "subject": "s", "body": "b"}}
                """).expect(202);
        JsonNode task = finished(answer);
        assertEquals("failed", task.get("status").asString(), task::toString);
        assertEquals("the mail was not sent: 550 no such user", task.get("error").asString());

        app.post("/tasks/" + task.get("task_id").asString() + "/retry", "").expect(202);

        assertEquals("completed", finished(answer).get("status").asString());
        assertEquals(List.of("a@b"), server.recipients());
    }

    @Test
    void aMailThatMayHaveBeenSentIsNeverSentAgain() {
        server.at(Step.DOT, CUT);
        Answer answer = app.ask("POST", "/send-notification/a@b").send().expect(202);
        JsonNode task = finished(answer);
        assertEquals("failed", task.get("status").asString(), task::toString);
        assertTrue(task.get("error").asString().startsWith("the mail may have been sent or not"), task::toString);

        app.post("/tasks/" + task.get("task_id").asString() + "/retry", "").expect(202);

        await().until(() -> finished(answer).get("attempts").asInt() == 2);
        assertEquals("failed", finished(answer).get("status").asString());
        assertEquals(1, server.mails().size());
    }

    @Test
    void whoCancelsIsToldByTheMailServerThatNoMoreComes() throws Exception {
        server.at(Step.DOT, "250 ok", "250 ok", SILENCE);
        List<String> addresses = IntStream.range(0, 10).mapToObj(i -> "u" + i + "@b").toList();
        Answer answer = app.post("/send-bulk-emails?template=t", json(addresses)).expect(202);
        server.awaitSilence();
        String path = "/tasks/" + answer.json().get("task_id").asString();

        app.delete(path);
        app.post(path + "/retry", "").expect(202);
        JsonNode task = finished(answer);

        assertEquals(9, task.get("result").get("sent").asInt(), task::toString);
        assertEquals(1, task.get("result").get("unknown").asInt(), task::toString);
        assertEquals(10, server.recipients().size());
        assertEquals(10, new HashSet<>(server.recipients()).size());
    }

    private static JsonNode finished(Answer accepted) {
        return NOTICES.finished(accepted);
    }
}
