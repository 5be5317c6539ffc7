package dev.heddle.mail;

import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Properties;
import java.util.stream.Collectors;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;

/// A mail as it is written on the way (RFC 5322): plain text in UTF-8, its subject in encoded words (RFC 2047) where it
/// is not ASCII, its lines ended by CR LF and folded or encoded where they would be too long.
final class Letter extends MimeMessage {
    private static final Session NO_SESSION = Session.getInstance(new Properties());
    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final String messageId;

    private Letter(Mail mail, Address from) {
        super(NO_SESSION);
        this.messageId = "<" + mail.id() + "@" + from.domain() + ">";
    }

    /// `mail`, sent by `from` now.
    static Letter of(Mail mail, Address from) {
        try {
            var letter = new Letter(mail, from);
            letter.setFrom(new InternetAddress(from.text(), true));
            letter.setRecipient(RecipientType.TO, new InternetAddress(mail.to().text(), true));
            letter.setHeader("Subject", MimeUtility.fold("Subject: ".length(), encoded(mail.subject())));
            letter.setSentDate(new Date());
            // Programs that answer mail do not answer this one (RFC 3834 section 2).
            letter.setHeader("Auto-Submitted", "auto-generated");
            letter.setText(mail.body().replaceAll("\r\n|\r|\n", "\r\n"), UTF_8);
            letter.saveChanges();
            return letter;
        } catch (MessagingException | UnsupportedEncodingException e) {
            throw new IllegalStateException("a mail that was checked cannot be written", e);
        }
    }

    /// Jakarta Mail leaves all that is ASCII as it is, even what a reader would take for an encoded word.
    private static String encoded(String subject) throws UnsupportedEncodingException {
        if (!subject.contains("=?")) {
            return MimeUtility.encodeText(subject, UTF_8, null);
        }
        return Arrays.stream(subject.split("(?<=\\G.{10})")).map(part -> "=?UTF-8?B?"
                + Base64.getEncoder().encodeToString(part.getBytes(StandardCharsets.UTF_8)) + "?=")
                .collect(Collectors.joining(" "));
    }

    /// Ours, and not a new one each time that the headers are written.
    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }
}
