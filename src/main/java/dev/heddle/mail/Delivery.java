package dev.heddle.mail;

/// What is known of a mail after it was tried: how it ended, and for what reason if it was not sent. The reason is one
/// line of at most 200 characters, often in the words of the mail server.
public record Delivery(End end, String reason) {
    public enum End {
        /// The server has taken it.
        SENT,
        /// It was not sent, and trying again would not help: the server said no to it for good (5yz).
        REFUSED,
        /// It was not sent, and may be tried again later: the server said not now (4yz), or broke off.
        POSTPONED,
        /// It was not even tried: there is no server that wants mail from us for now, or the outbox has no room. No
        /// other mail would fare better; each may be tried again later.
        AWAY,
        /// The whole mail went out, but no answer came back: it may have been sent or not. Never to be tried again.
        UNKNOWN
    }

    private static final int LONGEST_REASON = 200;

    public Delivery {
        String line = reason.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        reason = line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line;
    }

    static Delivery sent() {
        return new Delivery(End.SENT, "");
    }

    public boolean isSent() {
        return end == End.SENT;
    }
}
