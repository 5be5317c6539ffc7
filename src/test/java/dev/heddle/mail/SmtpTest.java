package dev.heddle.mail;

import static dev.heddle.mail.FakeSmtp.CUT;
import static dev.heddle.mail.FakeSmtp.SILENCE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.heddle.concurrent.Gather;
import dev.heddle.mail.Delivery.End;
import dev.heddle.mail.FakeSmtp.Step;
import dev.heddle.mail.MailSettings.Patience;
import dev.heddle.mail.MailSettings.StartTls;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is known of a mail whatever the server does: it must never be said unsent, and so be tried again, where the
/// server may have taken it.
@Timeout(60)
class SmtpTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final FakeSmtp peer = new FakeSmtp();

    @AfterEach
    void stop() throws Exception {
        peer.close();
    }

    @ParameterizedTest
    @CsvSource({
            "GREETING, 220 hello,                 SENT", "GREETING, 421 busy,            AWAY",
            "GREETING, 554 go away,               AWAY", "GREETING, CUT,                 AWAY",
            "GREETING, SILENCE,                   AWAY", "GREETING, 220CUT,              AWAY",
            "EHLO,     502 what,                  SENT", "EHLO,     CUT,                 AWAY",
            "EHLO,     SILENCE,                   AWAY", "EHLO,     250-halfCUT,         AWAY",
            "MAIL,     451 later,                 POSTPONED", "MAIL,     421 shutting down,   POSTPONED",
            "MAIL,     550 not you,               REFUSED", "MAIL,     CUT,                 POSTPONED",
            "MAIL,     SILENCE,                   POSTPONED", "MAIL,     what,                POSTPONED",
            "RCPT,     450 greylisted,            POSTPONED", "RCPT,     550 no such user,    REFUSED",
            "RCPT,     CUT,                       POSTPONED", "RCPT,     SILENCE,             POSTPONED",
            "RCPT,     251 will forward,          SENT", "RCPT,     999 what,            POSTPONED",
            "DATA,     451 later,                 POSTPONED", "DATA,     554 no,              REFUSED",
            "DATA,     CUT,                       POSTPONED", "DATA,     SILENCE,             POSTPONED",
            "DATA,     250 ok,                    POSTPONED",
            "DOT,      250 taken,                 SENT", "DOT,      252 taken in its way, SENT",
            "DOT,      451 disk full,             POSTPONED", "DOT,      421 shutting down,   POSTPONED",
            "DOT,      554 spam,                  REFUSED", "DOT,      552 too long,        REFUSED",
            "DOT,      CUT,                       UNKNOWN", "DOT,      SILENCE,             UNKNOWN",
            "DOT,      25CUT,                     UNKNOWN", "DOT,      250-halfCUT,         UNKNOWN",
            "DOT,      what,                      UNKNOWN", "DOT,      000 what,            UNKNOWN",
            "DOT,      354 go on,                 UNKNOWN", "DOT,      999 what,            UNKNOWN"
    })
    void whatIsKnownFollowsFromTheLastWordOfTheServer(Step step, String reply, End end) throws Exception {
        peer.at(step, reply);
        try (Smtp smtp = smtp(Duration.ofMillis(300))) {
            Delivery delivery = smtp.send(mail("1"));

            assertEquals(end, delivery.end(), delivery.reason());
            boolean isOut = step == Step.DOT || end == End.SENT;
            assertEquals(isOut ? 1 : 0, peer.mails().size(), "a mail goes out once, or not at all");
            if (end == End.REFUSED || end == End.AWAY && Character.isDigit(reply.charAt(0)) && !reply.endsWith(CUT)) {
                assertEquals(reply, delivery.reason(), "the server's own words say why");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"451 later, POSTPONED", "554 spam, REFUSED"})
    void aRefusalCountsEvenIfTheConnectionIsLostRightAfterIt(String reply, End end) throws Exception {
        for (Step step : List.of(Step.MAIL, Step.RCPT, Step.DATA, Step.DOT)) {
            peer.at(step, reply).at(Step.RSET, CUT);
            try (Smtp smtp = smtp(LONG)) {
                assertEquals(end, smtp.send(mail("1")).end(), step::toString);
            }
        }
    }

    @Test
    void aServerThatCannotBeReachedIsAway() throws Exception {
        peer.close();
        try (Smtp smtp = smtp(LONG)) {
            assertEquals(End.AWAY, smtp.send(mail("1")).end());
        }
    }

    @Test
    void aConnectionIsKeptForTheNextMail() throws Exception {
        try (Smtp smtp = smtp(LONG)) {
            for (int i = 0; i < 5; i++) {
                assertTrue(smtp.send(mail("m" + i)).isSent());
            }
            peer.at(Step.RCPT, "550 no such user");
            assertEquals(End.REFUSED, smtp.send(mail("other")).end());
            assertTrue(smtp.send(mail("last")).isSent(), "a refused address does not spoil the connection");

            assertEquals(1, peer.connections());
            assertEquals(6, peer.mails().size());
        }
    }

    @Test
    void aConnectionThatTheServerHasClosedMeanwhileIsReplaced() throws Exception {
        try (Smtp smtp = smtp(LONG)) {
            assertTrue(smtp.send(mail("1")).isSent());
            peer.hangUp();
            assertTrue(smtp.send(mail("2")).isSent());
            peer.at(Step.MAIL, "421 enough for today");
            assertTrue(smtp.send(mail("3")).isSent());

            assertEquals(3, peer.connections());
            assertEquals(3, peer.mails().size());
        }
    }

    @Test
    void whatMayHaveBeenSentOverAKeptConnectionIsNotSentOverAnother() throws Exception {
        try (Smtp smtp = smtp(LONG)) {
            assertTrue(smtp.send(mail("1")).isSent());
            peer.at(Step.DOT, CUT);

            assertEquals(End.UNKNOWN, smtp.send(mail("2")).end());

            assertEquals(1, peer.connections());
            assertEquals(2, peer.mails().size());
        }
    }

    @Test
    void whatWasRefusedForNowOverAKeptConnectionIsLeftToTheCaller() throws Exception {
        try (Smtp smtp = smtp(LONG)) {
            assertTrue(smtp.send(mail("1")).isSent());
            peer.at(Step.RCPT, "450 greylisted");

            assertEquals(End.POSTPONED, smtp.send(mail("2")).end());

            assertEquals(1, peer.connections());
        }
    }

    @Test
    void noMoreConnectionsAreOpenedThanTheSettingsAllow() throws Exception {
        try (Smtp smtp = smtp(LONG)) {
            List<Delivery> deliveries = Gather.all(Gather.each(IntStream.range(0, 100).boxed().toList(),
                    i -> smtp.send(mail("m" + i))));

            assertTrue(deliveries.stream().allMatch(Delivery::isSent));
            assertEquals(100, peer.mails().stream().distinct().count());
            assertTrue(peer.mostOpen() <= 3, () -> peer.mostOpen() + " connections");
        }
    }

    @Test
    void withoutTheEncryptionThatIsAskedForNothingIsSaid() throws Exception {
        String url = "smtp://ada:secret@127.0.0.1:" + peer.port();
        try (Smtp smtp = smtp(settings(url, StartTls.REQUIRED, LONG))) {
            Delivery delivery = smtp.send(mail("1"));

            assertEquals(End.AWAY, delivery.end());
            assertTrue(delivery.reason().contains("STARTTLS"), delivery::reason);
            assertEquals(List.of("EHLO"), peer.commands().subList(0, 1));
            assertFalse(peer.commands().contains("MAIL") || peer.commands().contains("AUTH"),
                    peer.commands()::toString);
        }
    }

    @Test
    void aRefusedPasswordIsToldAndNotRepeated() throws Exception {
        peer.at(Step.EHLO, "250-fake\r\n250 AUTH PLAIN").at(Step.AUTH, "535 who are you");
        String url = "smtp://ada:s%C3%A9cret@127.0.0.1:" + peer.port();
        try (Smtp smtp = smtp(settings(url, StartTls.NEVER, LONG))) {
            assertEquals(new Delivery(End.AWAY, "535 who are you"), smtp.send(mail("1")));
        }
    }

    @Test
    void anInterruptEndsTheWaitAndWhatIsKnownIsStillSaid() throws Exception {
        peer.at(Step.DOT, SILENCE);
        try (Smtp smtp = smtp(LONG)) {
            var end = new CompletableFuture<End>();
            Thread sender = Thread.ofVirtual().start(() -> {
                try {
                    Delivery delivery = smtp.send(mail("1"));
                    assertTrue(Thread.currentThread().isInterrupted());
                    end.complete(delivery.end());
                } catch (InterruptedException | RuntimeException | AssertionError e) {
                    end.completeExceptionally(e);
                }
            });
            peer.awaitSilence();

            sender.interrupt();

            assertEquals(End.UNKNOWN, end.join());
        }
    }

    @Test
    void aPasswordForAnotherMachineIsNotLeftUnencrypted() {
        for (StartTls lax : List.of(StartTls.NEVER, StartTls.OFFERED)) {
            assertThrows(IllegalArgumentException.class, () -> settings("smtp://a:b@example.org", lax, LONG));
            settings("smtps://a:b@example.org", lax, LONG);
            settings("smtp://a:b@localhost", lax, LONG);
            settings("smtp://example.org", lax, LONG);
        }
        assertFalse(settings("smtp://a:secret@example.org", StartTls.REQUIRED, LONG).toString().contains("secret"));
    }

    @ParameterizedTest
    @CsvSource({"http://example.org", "example.org", "smtp:", "smtp://", "smtp://:1", "smtp://example.org:0",
            "smtp://example.org:65536", "smtp://example.org/path", "smtp://example.org?x=secret", "smtp://secret@a.org",
            "smtp://:secret@a.org", "smtp://a:%zzsecret@a.org", "smtp://a b:secret@a.org"})
    void whatIsNoUrlOfAServerIsRefusedWithoutRepeatingIt(String url) {
        String told = assertThrows(IllegalArgumentException.class,
                () -> settings(url, StartTls.REQUIRED, LONG)).getMessage();

        assertFalse(told.contains("secret"), told);
        assertTrue(told.startsWith("mail.smtp must look like"), told);
    }

    private Smtp smtp(Duration read) {
        return smtp(settings("smtp://127.0.0.1:" + peer.port(), StartTls.OFFERED, read));
    }

    private static Smtp smtp(MailSettings settings) {
        return (Smtp) Mailer.open(settings, Path.of("target"));
    }

    private static MailSettings settings(String url, StartTls startTls, Duration read) {
        return new MailSettings(url, "heddle@example.org", startTls, 3, new Patience(LONG, read, LONG), 10);
    }

    private static Mail mail(String id) {
        return new Mail(id, new Address("ada@example.org"), "Subject", "Body " + id);
    }
}
