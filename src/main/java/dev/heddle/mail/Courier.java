package dev.heddle.mail;

import java.io.IOException;

import dev.heddle.mail.Delivery.End;
import dev.heddle.mail.MailSettings.Server;

import jakarta.mail.Address;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/// One connection to an SMTP server, which carries one mail after the other and says what became of each.
///
/// The exceptions of Angus Mail do not tell what must be known: a lost connection is the same MessagingException before
/// the mail went out and after, and where the server refuses the end of the mail, Angus goes on to send RSET (2.0.5,
/// `SMTPTransport.issueSendCommand`), whose failure then stands in the place of that refusal. So each reply is looked
/// at as it comes, and the moment is marked from which on the final dot may have gone out. Until then nothing is sent,
/// since a server that gets no dot must drop the mail (RFC 5321 section 4.1.1.4). From then on, only the server's first
/// reply says what it did; without one, nobody knows. Used by one thread at a time.
final class Courier extends SMTPTransport {
    private static final int NONE = 0;

    // All of one mail: the first reply that was a refusal, and the first after the dot; whether there was any reply.
    private boolean isDotOut;
    private int refusal;
    private boolean isJudged;
    private int verdict;
    private String said = "";
    private boolean wasAnswered;
    private int lastReply;

    /// Not connected yet.
    Courier(Session session) {
        super(session, null);
    }

    /// Connects to `server`; a courier that cannot is of no use.
    ///
    /// @throws NotConnected if the server cannot be reached, or does not want us
    void open(Server server) throws NotConnected {
        begin();
        try {
            connect(server.host(), server.port(), server.user(), server.password());
        } catch (MessagingException e) {
            throw new NotConnected(notConnected(e), e);
        }
    }

    /// Hands `letter` to the server.
    Delivery carry(Letter letter) {
        begin();
        try {
            Address[] to = letter.getRecipients(RecipientType.TO);
            sendMessage(letter, to);
            return Delivery.sent();
        } catch (MessagingException _) {
            return isDotOut ? afterTheDot() : beforeTheDot();
        }
    }

    /// Whether the server had already turned its back on this connection when the last mail came, so that the same mail
    /// can be tried on another at once.
    boolean wasStale() {
        return !isDotOut && (!wasAnswered || refusal == 421);
    }

    /// Whether the next mail can go the same way.
    boolean isUsable() {
        return isPositive(lastReply);
    }

    /// Leaves without waiting for an answer; may be called twice.
    void leave() {
        try {
            close();
        } catch (MessagingException _) {
            // The socket is closed in any case, and nothing is owed to the server.
        }
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        isDotOut = true;
        super.finishData();
    }

    @Override
    protected int readServerResponse() throws MessagingException {
        lastReply = NONE;
        lastReply = super.readServerResponse();
        if (lastReply > NONE) {
            wasAnswered = true;
        }
        if (isDotOut && !isJudged) {
            isJudged = true;
            verdict = lastReply;
            said = getLastServerResponse();
        } else if (!isDotOut && refusal == NONE && lastReply >= 400) {
            refusal = lastReply;
            said = getLastServerResponse();
        }
        return lastReply;
    }

    private void begin() {
        isDotOut = false;
        isJudged = false;
        wasAnswered = false;
        lastReply = NONE;
        refusal = NONE;
        verdict = NONE;
        said = "";
    }

    private Delivery afterTheDot() {
        if (isPositive(verdict)) {
            return Delivery.sent();
        } else if (verdict >= 400 && verdict < 600) {
            return refused(verdict);
        }
        return new Delivery(End.UNKNOWN, "the mail went out, but the server did not say whether it has taken it");
    }

    private Delivery beforeTheDot() {
        return refusal == NONE
                ? new Delivery(End.POSTPONED, "the mail server broke off before the mail went out")
                : refused(refusal);
    }

    private Delivery notConnected(MessagingException e) {
        if (isPositive(lastReply) && e.getNextException() == null) {
            return new Delivery(End.AWAY, "the mail server does not offer what the settings ask for, such as STARTTLS");
        }
        // The last reply counts: EHLO may be refused where HELO is not.
        return new Delivery(End.AWAY, lastReply >= 400 ? getLastServerResponse() : "the mail server cannot be reached");
    }

    private Delivery refused(int reply) {
        boolean isForGood = reply >= 500 && reply < 600;
        return new Delivery(isForGood ? End.REFUSED : End.POSTPONED, said);
    }

    private static boolean isPositive(int reply) {
        return reply >= 200 && reply < 300;
    }

    /// There is no connection; `delivery` is what that means to a mail.
    static final class NotConnected extends Exception {
        private static final long serialVersionUID = 1;
        private final transient Delivery delivery;

        NotConnected(Delivery delivery, MessagingException cause) {
            super(delivery.reason(), cause);
            this.delivery = delivery;
        }

        Delivery delivery() {
            return delivery;
        }
    }
}
