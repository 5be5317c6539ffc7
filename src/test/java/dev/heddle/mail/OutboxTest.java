package dev.heddle.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.heddle.concurrent.Gather;
import dev.heddle.mail.Delivery.End;
import dev.heddle.mail.MailSettings.Patience;
import dev.heddle.mail.MailSettings.StartTls;
import dev.heddle.settings.CannotStart;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final int MOST = 10;

    @TempDir
    private Path data;

    @Test
    void eachMailIsAFileThatMailProgramsRead() throws Exception {
        try (Mailer outbox = open()) {
            assertTrue(outbox.send(mail("one", "caf\u00e9")).isSent());
        }

        assertEquals(List.of("one.eml"), files());
        try (InputStream in = Files.newInputStream(data.resolve("outbox/one.eml"))) {
            var read = new MimeMessage(Session.getInstance(new Properties()), in);
            assertEquals("caf\u00e9", read.getSubject());
            assertEquals("caf\u00e9 of one", read.getContent());
            assertEquals("<one@localhost>", read.getMessageID());
        }
    }

    @Test
    void theSameMailTwiceIsOneFile() throws Exception {
        try (Mailer outbox = open()) {
            assertTrue(outbox.send(mail("one", "first")).isSent());
            assertTrue(outbox.send(mail("one", "second")).isSent());
        }

        assertEquals(List.of("one.eml"), files());
    }

    @Test
    void aFullOutboxTakesNoMailUntilThereIsRoom() throws Exception {
        try (Mailer outbox = open()) {
            List<Delivery> deliveries = Gather.all(Gather.each(IntStream.range(0, 2 * MOST).boxed().toList(),
                    i -> outbox.send(mail("m" + i, ""))));

            assertEquals(MOST, deliveries.stream().filter(Delivery::isSent).count());
            assertEquals(MOST, deliveries.stream().filter(each -> each.end() == End.AWAY).count());
            assertEquals(MOST, files().size());

            Files.delete(data.resolve("outbox").resolve(files().getFirst()));
            assertTrue(outbox.send(mail("after", "")).isSent());
            assertEquals(End.AWAY, outbox.send(mail("later", "")).end());
        }
        try (Mailer again = open()) {
            assertEquals(End.AWAY, again.send(mail("later", "")).end(), "what is there counts after a start, too");
        }
    }

    @Test
    void whatWasLeftHalfWrittenIsGoneAfterAStart() throws Exception {
        Files.createDirectories(data.resolve("outbox"));
        Files.writeString(data.resolve("outbox/half.part"), "From: ");

        open().close();

        assertEquals(List.of(), files());
    }

    @Test
    void aFileInThePlaceOfTheFolderIsTold() throws Exception {
        Files.writeString(data.resolve("outbox"), "");

        assertThrows(CannotStart.class, this::open);
    }

    @Test
    void theFolderIsMadeWhenItIsNeeded() throws Exception {
        try (Mailer outbox = open()) {
            assertFalse(Files.exists(data.resolve("outbox")));
            assertTrue(outbox.send(mail("one", "")).isSent());
        }
    }

    @Test
    void aFolderThatCannotBeMadeTakesNoMail() throws Exception {
        try (Mailer outbox = open()) {
            Files.writeString(data.resolve("outbox"), "in the way");

            assertEquals(End.AWAY, outbox.send(mail("one", "")).end());
        }
    }

    private Mailer open() {
        var patience = new Patience(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1));
        return Mailer.open(new MailSettings("", "heddle@localhost", StartTls.REQUIRED, 1, patience, MOST), data);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("outbox"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Mail mail(String id, String subject) {
        return new Mail(id, new Address("ada@example.org"), subject, "caf\u00e9 of " + id);
    }
}
