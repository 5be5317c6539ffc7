package dev.heddle.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;

import dev.heddle.mail.Delivery.End;
import dev.heddle.mail.MailSettings.Patience;
import dev.heddle.mail.MailSettings.StartTls;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Mails as others read them: a real SMTP server, and Jakarta Mail.
@Timeout(60)
class LetterTest {
    private static final String HARD_BODY = "caf\u00e9 \ud83e\uddf5\r\n.\r\n..dots\r\nFrom here\r\n\r\n"
            + "long ".repeat(400)
            + "\r\n\ttab, \u0001 and \u007f";

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "caf\u00e9", "\ud83e\uddf5 threads", "=?UTF-8?Q?not_encoded?=",
            "=? \ud83e\uddf5\ud83e\uddf5\ud83e\uddf5\ud83e\uddf5\ud83e\uddf5\ud83e\uddf5\ud83e\uddf5\ud83e\uddf5\ud83e\uddf5",
            "a b  c   d", "x: y",
            "\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03\u5e03"})
    void whatIsWrittenIsRead(String subject) throws Exception {
        MimeMessage read = written(new Mail("id-1", new Address("Ada.L+x@Example.org"), subject, HARD_BODY));

        assertEquals(subject, read.getSubject() == null ? "" : read.getSubject());
        assertEquals(HARD_BODY, read.getContent());
        assertEquals("<id-1@example.net>", read.getMessageID());
        assertEquals("heddle@example.net", ((InternetAddress) read.getFrom()[0]).getAddress());
        assertEquals("Ada.L+x@Example.org", ((InternetAddress) read.getAllRecipients()[0]).getAddress());
        assertEquals(1, read.getAllRecipients().length);
        assertTrue(Duration.between(read.getSentDate().toInstant(), Instant.now()).abs().toSeconds() < 60);
    }

    @Test
    void aSubjectOfTwoHundredSignsIsFoldedAndRead() throws Exception {
        String subject = "\u00e9 \u5e03".repeat(50) + " end".repeat(12) + "..";

        assertEquals(Mail.LONGEST_SUBJECT, subject.length());
        assertEquals(subject, written(new Mail("i", new Address("a@b"), subject, "")).getSubject());
        assertThrows(IllegalArgumentException.class, () -> new Mail("i", new Address("a@b"), subject + ".", ""));
    }

    @Test
    void everyLineIsShortAndOfAscii() throws Exception {
        String text = bytes(new Mail("i", new Address("a@b"), "\u00e9".repeat(200), "\u00e9x".repeat(50_000)))
                .toString(StandardCharsets.ISO_8859_1);

        assertTrue(text.lines().allMatch(line -> line.length() <= 998 && line.chars().allMatch(c -> c < 127)));
        assertThrows(IllegalArgumentException.class,
                () -> new Mail("i", new Address("a@b"), "", "x".repeat(Mail.LONGEST_BODY + 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nBcc: eve@example.org", "x\ny", "x\ry", "x\u0000", "x\u0085y", "x\u2028y", "x\u2029y",
            "\t", "x\u001b[31m", "x\n", "\u007f"})
    void aSubjectThatIsNoSingleLineIsRefused(String subject) {
        assertThrows(IllegalArgumentException.class, () -> new Mail("i", new Address("a@b"), subject, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ada@example.org", "a@b", "a.b+c_d-e@sub.example.org", "O'Neil@example.org", "1@2.3",
            "{x}|y~@z", "A@EXAMPLE.ORG"})
    void anAddressIsAnAddress(String text) {
        assertEquals(text, new Address(text).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "@", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@b\n", "\na@b",
            "a@b\r\nRCPT TO:<eve@c>",
            "a@b\u0000", "a,b@c", "<a@b>", "a@b>", "Ada <a@b>", "\"a b\"@c", "a..b@c", ".a@b", "a.@b", "a@b..c", "a@.b",
            "a@b.", "a@-b", "a@b-", "a@[127.0.0.1]", "\u00e4@b", "a@\u00e4.org", "a@b;c", "a:b@c", "a(b)@c", "a\\b@c",
            "a@b_c", "a@b%c", "a\u200b@b", "\uff41@b"})
    void whatIsNoAddressIsRefused(String text) {
        assertFalse(Address.isAddress(text));
        assertThrows(IllegalArgumentException.class, () -> new Address(text));
    }

    @Test
    void anAddressHasBoundsOfLength() {
        String domain = ("d".repeat(63) + ".").repeat(2) + "d".repeat(60);

        assertTrue(Address.isAddress("l".repeat(64) + "@" + domain), "64 + 1 + 188");
        assertFalse(Address.isAddress("l".repeat(65) + "@b"));
        assertFalse(Address.isAddress("a@" + "d".repeat(64)));
        assertTrue(Address.isAddress("l".repeat(64) + "@" + domain + "d"));
        assertFalse(Address.isAddress("l".repeat(64) + "@" + domain + "dd"));
        assertFalse(Address.isAddress("a@" + "d.".repeat(1_000_000) + "d"));
    }

    @Test
    void addressesThatDifferInCaseAreOne() {
        assertEquals(new Address("ada@example.org").key(), new Address("Ada@Example.ORG").key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../x", "a b", "a@b", "a\n", "-a", "a..b", "<x>"})
    void anIdThatCouldBeMoreThanANameIsRefused(String id) {
        assertThrows(IllegalArgumentException.class, () -> new Mail(id, new Address("a@b"), "", ""));
    }

    @Test
    void aRealServerTakesIt() throws Exception {
        try (var server = new RealSmtp(ServerSetup.PROTOCOL_SMTP); Mailer smtp = server.mailer()) {
            server.mail.setUser("ada@example.org", "ada", "s\u00e9cret :@");

            assertEquals(new Delivery(End.SENT, ""), smtp.send(mail("first")));
            assertEquals(new Delivery(End.SENT, ""), smtp.send(mail("second")));

            MimeMessage[] taken = server.mail.getReceivedMessages();
            assertEquals(2, taken.length);
            assertEquals("<first@example.net>", taken[0].getMessageID());
            assertEquals("caf\u00e9", taken[1].getSubject());
            assertEquals(HARD_BODY.replace("\u0001", ""), ((String) taken[1].getContent()).replace("\u0001", ""));
            assertNull(taken[1].getHeader("Bcc"));
        }
    }

    @Test
    void aServerWhoseCertificateNobodyVouchesForGetsNothing() throws Exception {
        try (var server = new RealSmtp(ServerSetup.PROTOCOL_SMTPS); Mailer smtp = server.mailer()) {
            assertEquals(End.AWAY, smtp.send(mail("first")).end());
            assertEquals(0, server.mail.getReceivedMessages().length);
        }
    }

    private static Mail mail(String id) {
        return new Mail(id, new Address("ada@example.org"), "caf\u00e9", HARD_BODY);
    }

    private static MimeMessage written(Mail mail) throws Exception {
        return new MimeMessage(Session.getInstance(new Properties()),
                new ByteArrayInputStream(bytes(mail).toByteArray()));
    }

    private static ByteArrayOutputStream bytes(Mail mail) throws Exception {
        var out = new ByteArrayOutputStream();
        Letter.of(mail, new Address("heddle@example.net")).writeTo(out);
        return out;
    }

    /// GreenMail on a free port, and a mailer that knows it and its user.
    private static final class RealSmtp implements AutoCloseable {
        private final GreenMail mail;
        private final String protocol;

        RealSmtp(String protocol) {
            this.protocol = protocol;
            var setup = new ServerSetup(0, "127.0.0.1", protocol);
            // Its own two seconds are too short on a busy machine.
            setup.setServerStartupTimeout(60_000);
            mail = new GreenMail(setup);
            mail.start();
        }

        Mailer mailer() {
            int port = (protocol.equals(ServerSetup.PROTOCOL_SMTP) ? mail.getSmtp() : mail.getSmtps()).getPort();
            var patience = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
            return Mailer.open(new MailSettings(protocol + "://ada:s%C3%A9cret%20%3A%40@127.0.0.1:" + port,
                    "heddle@example.net", StartTls.OFFERED, 2, patience, 10), Path.of("target"));
        }

        @Override
        public void close() {
            mail.stop();
        }
    }
}
