package dev.heddle.mail;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.mail.Delivery.End;
import dev.heddle.settings.CannotStart;

import jakarta.mail.MessagingException;

/// Mail put into a folder instead of being sent: one `.eml` file each, named by its `Message-ID`, for any mail program
/// to open. A file is there as a whole or not at all, and the same mail twice is one file.
///
/// The folder takes so many files and no more; then no mail goes out until somebody makes room, because to throw the
/// oldest away would lose what was said to be sent. It is not forced to disk: a power cut may lose the last seconds.
/// Thread-safe.
public final class Outbox implements Mailer {
    private static final Logger LOG = System.getLogger(Outbox.class.getName());
    private static final int AT_ONCE = 4;

    private final Path folder;
    private final Address from;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    // Guarded by lock: how many more files the folder takes. It may be more by now, if somebody took some away.
    private int room;
    // Guarded by lock: files that have their room and may not be there yet.
    private int underWay;

    private Outbox(Path folder, MailSettings settings) throws IOException {
        this.folder = folder;
        this.from = new Address(settings.from());
        this.most = settings.files();
        // It is made when the first mail is put into it.
        if (Files.exists(folder)) {
            deleteRests();
        }
        this.room = roomNow();
    }

    private void deleteRests() throws IOException {
        try (DirectoryStream<Path> rests = Files.newDirectoryStream(folder, "*.part")) {
            for (Path rest : rests) {
                Files.delete(rest);
            }
        }
    }

    /// @throws CannotStart if `folder` cannot be made or read
    static Outbox open(Path folder, MailSettings settings) {
        try {
            return new Outbox(folder, settings);
        } catch (IOException e) {
            throw new CannotStart("the folder " + folder + " for outgoing mail cannot be used: " + e, e);
        }
    }

    @Override
    public Delivery send(Mail mail) {
        try {
            if (!takeRoom()) {
                return new Delivery(End.AWAY, "the outbox is full: it holds " + most + " mails");
            }
            try {
                write(mail);
            } finally {
                isWritten();
            }
            return Delivery.sent();
        } catch (IOException | MessagingException e) {
            LOG.log(Level.WARNING, "event=outbox_failed", e);
            return new Delivery(End.AWAY, "the outbox cannot be written");
        }
    }

    @Override
    public int atOnce() {
        return AT_ONCE;
    }

    @Override
    public void close() {
        // Nothing is kept open between mails.
    }

    private void write(Mail mail) throws IOException, MessagingException {
        Files.createDirectories(folder);
        Path part = folder.resolve(mail.id() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
                Letter.of(mail, from).writeTo(out);
            }
            Files.move(part, folder.resolve(mail.id() + ".eml"), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// Counted again only where there seems to be none left.
    private boolean takeRoom() throws IOException {
        lock.lock();
        try {
            if (room == 0) {
                room = roomNow();
            }
            if (room == 0) {
                return false;
            }
            room--;
            underWay++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void isWritten() {
        lock.lock();
        try {
            underWay--;
        } finally {
            lock.unlock();
        }
    }

    private int roomNow() throws IOException {
        if (!Files.exists(folder)) {
            return most - underWay;
        }
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.eml")) {
            for (var _ : files) {
                count++;
            }
        }
        return Math.max(0, most - underWay - count);
    }
}
