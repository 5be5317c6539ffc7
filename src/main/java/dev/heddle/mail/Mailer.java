package dev.heddle.mail;

import java.nio.file.Path;

import dev.heddle.settings.CannotStart;

/// Where mail goes out. Thread-safe.
public sealed interface Mailer extends AutoCloseable permits Smtp, Outbox {
    /// The mailer that `settings` describe: an SMTP server, or else the folder `outbox` within `data`.
    ///
    /// @throws CannotStart if the folder cannot be used; whether the server answers is not tried
    static Mailer open(MailSettings settings, Path data) {
        return settings.server().isPresent()
                ? new Smtp(settings, settings.server().get())
                : Outbox.open(data.resolve("outbox"), settings);
    }

    /// Tries once to send `mail`, and says what is known then. It waits in line for a connection, and then no longer
    /// than the timeouts of the settings for each answer of the server.
    ///
    /// An interrupt cuts the connection where the thread is virtual; what had become of the mail is said all the same,
    /// and the flag stays set.
    ///
    /// @throws InterruptedException if the thread is interrupted in line; nothing was sent then
    Delivery send(Mail mail) throws InterruptedException;

    /// How many sendings at once make sense.
    int atOnce();

    /// Closes the connections that are idle, and others when they become so.
    @Override
    void close();
}
