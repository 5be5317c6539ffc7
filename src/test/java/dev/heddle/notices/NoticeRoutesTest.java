package dev.heddle.notices;

import static dev.heddle.mail.FakeSmtp.SILENCE;
import static dev.heddle.notices.NoticeApp.json;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.mail.FakeSmtp;
import dev.heddle.mail.FakeSmtp.Step;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Notices as callers see them.
@Timeout(300)
class NoticeRoutesTest {
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
    void aNotificationIsMailedAndWrittenIntoTheLogByASecondTask() {
        int before = tasks();

        Answer answer = app.post("/send-notification/ada@example.org", "{\"message\": \"Dinner is ready.\"}")
                .expect(202);

        assertEquals("ada@example.org", answer.json().get("email").asString());
        assertEquals("Notification will be sent", answer.json().get("message").asString());
        JsonNode task = finished(answer);
        assertEquals("completed", task.get("status").asString(), task::toString);
        assertEquals("send-email", task.get("kind").asString());
        assertEquals(List.of("ada@example.org"), server.recipients());
        assertTrue(server.mails().getFirst().contains("Dinner is ready."), server.mails()::toString);
        await().until(() -> entries().getFirst().equals("notification for ada@example.org accepted"));
        assertEquals(before + 2, tasks());
    }

    @Test
    void theMessageMayStandInTheQueryOrNowhere() {
        finished(app.ask("POST", "/send-notification/a@b?message=In%20the%20query").send().expect(202));
        finished(app.post("/send-notification/a@b?message=no", "{\"message\": \"In the body\"}").expect(202));
        finished(app.ask("POST", "/send-notification/a@b").send().expect(202));
        finished(app.post("/send-notification/a@b", "{}").expect(202));

        List<String> bodies = server.mails().stream().map(mail -> mail.strip().lines().toList().getLast()).toList();
        assertEquals(List.of("In the query", "In the body", "You have a notification.", "You have a notification."),
                bodies);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "a@", "a%20b@c", "a@b%20RCPT%20TO:%3Cc@d%3E", "%C3%A4@b",
            "%22a%22@b"})
    void whatIsNoAddressIsRefused(String email) {
        int before = tasks();

        assertEquals(List.of("path.email"),
                app.post("/send-notification/" + email, "{}").expect(422).errorPlaces());
        assertEquals(before, tasks());
    }

    @Test
    void anEndOfLineInAnAddressIsUnreadable() {
        app.post("/send-notification/a@b%0ABcc:%20c@d", "{}").expect(400);
        app.post("/send-notification/a@b%0D%0ARCPT%20TO:%3Cc@d%3E", "{}").expect(400);
    }

    @Test
    void aMessageHasBounds() {
        String longest = "{\"message\": \"%s\"}".formatted("m".repeat(100_000));
        finished(app.post("/send-notification/a@b", longest));
        assertEquals(List.of("body.message"), app.post("/send-notification/a@b", longest.replace("mm\"", "mmm\""))
                .expect(422).errorPlaces());
        assertEquals(List.of("query.message"), app.ask("POST", "/send-notification/a@b?message=" + "m".repeat(1_001))
                .send().expect(422).errorPlaces());
        app.ask("POST", "/send-notification/a@b").body("text/plain", new byte[]{'x'}).send().expect(415);
    }

    @Test
    void manyMailsAreSentEachFilledForItsReader() {
        Answer answer = app.post("/send-bulk-emails", """
                {"emails": ["ada@example.org", "bob@example.org", "Ada@Example.org"], "subject": "News for you",
                 "template": "Hello {name}, {{you}} are {email}."}
                """).expect(202);

        assertEquals(2, answer.json().get("total_emails").asInt(), "an address that differs in case only is no other");
        JsonNode task = finished(answer);
        assertEquals("completed", task.get("status").asString(), task::toString);
        assertEquals(TestApp.parsed("{\"sent\": 2, \"failed\": 0, \"unknown\": 0, \"troubles\": []}"),
                task.get("result"));
        assertEquals(TestApp.parsed("{\"current\": 2, \"total\": 2, \"percent\": 100}"), task.get("progress"));
        assertEquals(List.of("ada@example.org", "bob@example.org"), server.recipients());
        String mail = server.mails().getLast();
        assertTrue(mail.contains("Hello bob, {you} are bob@example.org."), mail);
        assertTrue(mail.contains("Subject: News for you"), mail);
        assertTrue(mail.contains("Message-ID: <" + task.get("task_id").asString() + ".2@example.net>"), mail);
    }

    @Test
    void aBareListTakesTheRestFromTheQueryAsTheGuidesHaveIt() {
        Answer answer = app.post("/send-bulk-emails?template=Hi%20%7Bname%7D&subject=S", "[\"a@b\", \"c@d\"]")
                .expect(202);

        assertEquals(2, finished(answer).get("result").get("sent").asInt());
        assertTrue(server.mails().getLast().strip().endsWith("Hi c"), server.mails()::toString);
        finished(app.post("/send-bulk-emails?template=x", "[\"a@b\"]"));
    }

    @Test
    void whatCannotBeSentIsRefusedBeforeAnythingIs() {
        int before = tasks();

        refused("{\"emails\": [\"a@b\"], \"subject\": \"s\", \"template\": \"{nam}\"}", "body.template");
        refused("{\"emails\": [\"a@b\"], \"subject\": \"s\\r\\nBcc: c@d\", \"template\": \"t\"}", "body.subject");
        refused("{\"emails\": [\"a@b\", \"c\", \"d e@f\"], \"template\": \"t\"}", "body.emails.1", "body.emails.2");
        refused("{\"emails\": [\"a@b\", null, \"\"], \"template\": \"t\"}", "body.emails.1", "body.emails.2");
        refused("{\"emails\": [\"\\\"x y\\\"@b\"], \"template\": \"t\"}", "body.emails.0");
        refused("{\"emails\": [\"a@b\"]}", "body.template");
        refused("[\"a@b\"]", "body.template");
        refused("[]", "body.emails");
        assertEquals(List.of("query.template"), app.post("/send-bulk-emails?template=%7B", "[\"a@b\"]").expect(422)
                .errorPlaces());
        assertEquals(List.of("query.subject"), app.post("/send-bulk-emails?template=t&subject=a%0Ab", "[\"a@b\"]")
                .expect(422).errorPlaces());
        app.post("/send-bulk-emails?template=t", "[\"a@b\"").expect(400);

        assertEquals(before, tasks());
    }

    @Test
    void tenThousandLongAddressesAreTakenAndNotOneMore() {
        server.at(Step.GREETING, SILENCE);
        String one = "%05d" + "l".repeat(59) + "@" + "d".repeat(60) + ".example.org";
        List<String> addresses = IntStream.rangeClosed(0, 10_000).mapToObj(one::formatted).toList();

        Answer answer = app.post("/send-bulk-emails?template=t", json(addresses.subList(0, 10_000))).expect(202);

        assertEquals(10_000, answer.json().get("total_emails").asInt());
        app.delete("/tasks/" + answer.json().get("task_id").asString());
        finished(answer);
        assertEquals(List.of("body.emails"),
                app.post("/send-bulk-emails?template=t", json(addresses)).expect(422).errorPlaces());
    }

    @Test
    void theDataOfTasksAreCheckedAsThoseOfTheRoutes() {
        assertEquals(422, task("send-email", "{\"to\": \"a b\", \"subject\": \"s\", \"body\": \"b\"}").status());
        assertEquals(422,
                task("send-email", "{\"to\": \"a@b\", \"subject\": \"s\\nBcc: c@d\", \"body\": \"b\"}").status());
        assertEquals(422, task("send-email", "{}").status());
        assertEquals(422, task("send-bulk-emails", "{\"emails\": [\"a b\"], \"template\": \"t\"}").status());
        assertEquals(422, task("send-bulk-emails", "{\"emails\": [\"a@b\"], \"template\": \"{t}\"}").status());
        assertEquals(422, task("write-activity", "{\"entry\": \"forged\"}").status());
        assertEquals("template is required",
                finished(task("send-bulk-emails", "{\"emails\": [\"a@b\"]}")).get("error").asString());
        assertEquals("body.emails.0 must be an e-mail address of ASCII characters",
                finished(task("send-bulk-emails", "{\"emails\": [null], \"template\": \"t\"}")).get("error")
                        .asString());
        assertEquals(1, finished(task("send-bulk-emails", "{\"emails\": [\"a@b\"], \"template\": \"t\"}")).get("result")
                .get("sent").asInt());
        assertEquals(1, server.mails().size());
    }

    @Test
    void theLogIsReadPageByPageTheNewestFirst() {
        for (int i = 1; i <= 5; i++) {
            finished(app.ask("POST", "/send-notification/u" + i + "@b").send());
            String entry = "notification for u" + i + "@b accepted";
            await().until(() -> entries().getFirst().equals(entry));
        }

        JsonNode first = app.get("/activity?limit=2").expect(200).json();
        JsonNode second = app.get("/activity?limit=3&cursor=" + first.get("next_cursor").asString()).expect(200).json();

        assertEquals("notification for u5@b accepted", first.get("items").get(0).get("entry").asString());
        assertEquals("notification for u1@b accepted", second.get("items").get(2).get("entry").asString());
        app.get("/activity?cursor=AAAA").expect(400);
        app.get("/activity?limit=0").expect(422);
    }

    @Test
    void withoutAMailServerMailIsPutIntoAFolder(@TempDir Path data) throws Exception {
        try (TestApp other = TestApp.start(Map.of("HEDDLE_DATA_FOLDER", data.toString()))) {
            Answer answer = other.post("/send-bulk-emails?template=t", json(List.of("a@b", "c@d"))).expect(202);
            String path = "/tasks/" + answer.json().get("task_id").asString();
            await().until(() -> !other.get(path).json().get("completed_at").isNull());

            try (var files = Files.list(data.resolve("outbox"))) {
                assertEquals(2, files.filter(file -> file.toString().endsWith(".eml")).count());
            }
        }
    }

    private Answer task(String kind, String data) {
        return app.post("/tasks", "{\"kind\": \"" + kind + "\", \"data\": " + data + "}");
    }

    private void refused(String body, String... places) {
        assertEquals(List.of(places), app.post("/send-bulk-emails", body).expect(422).errorPlaces());
    }

    private int tasks() {
        return app.get("/tasks?limit=1000").expect(200).json().get("items").size();
    }

    private List<String> entries() {
        return app.get("/activity").expect(200).json().get("items").valueStream()
                .map(entry -> entry.get("entry").asString()).toList();
    }

    private static JsonNode finished(Answer accepted) {
        return NOTICES.finished(accepted);
    }
}
