package dev.heddle.gzip;

import java.util.Locale;

/// Which content codings a caller takes (RFC 9110 section 12.5.3), as far as the choice is between gzip and none.
public final class AcceptEncoding {
    /// A weight has at most three digits after its point (RFC 9110 section 12.4.2); here it is counted in thousandths.
    private static final int FULL = 1_000;
    private static final int UNSAID = -1;

    private int gzip = UNSAID;
    private int identity = UNSAID;
    private int others = UNSAID;

    private AcceptEncoding() {
    }

    /// What is best for the caller.
    public enum Choice {
        PLAIN, GZIP,
        /// Gzip, because the caller refuses whatever is not coded.
        ONLY_GZIP
    }

    /// What a caller with this header takes; a member of the list that cannot be read counts as not there. A header
    /// that is absent or empty is `""` here: such a caller gets no coding, though the RFC leaves the first open.
    public static Choice choice(String header) {
        if (header.isBlank()) {
            return Choice.PLAIN;
        }
        var accepted = new AcceptEncoding();
        for (String member : header.split(",")) {
            accepted.add(member);
        }
        return accepted.choice();
    }

    private void add(String member) {
        String[] parts = member.split(";", 2);
        int weight = parts.length == 1 ? FULL : weight(parts[1].strip());
        if (weight == UNSAID) {
            return;
        }
        switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
            // An old name of the same (RFC 9110 section 8.4.1.3).
            case "gzip", "x-gzip" -> gzip = Math.max(gzip, weight);
            case "identity" -> identity = weight;
            case "*" -> others = weight;
            default -> {
                // Another coding, which is not made here.
            }
        }
    }

    /// No coding is taken even where it is not named, unless it is refused, by name or by `*`.
    private Choice choice() {
        int ofGzip = gzip == UNSAID ? Math.max(0, others) : gzip;
        int ofNone = identity == UNSAID ? others : identity;
        if (ofGzip == 0) {
            return Choice.PLAIN;
        } else if (ofNone == 0) {
            return Choice.ONLY_GZIP;
        }
        return identity > ofGzip ? Choice.PLAIN : Choice.GZIP;
    }

    /// The weight that `q=0.8` gives; [#UNSAID] if it gives none.
    private static int weight(String parameter) {
        if (!parameter.matches("[qQ]=(0([.][0-9]{0,3})?|1([.]0{0,3})?)")) {
            return UNSAID;
        }
        return (int) Math.round(Double.parseDouble(parameter.substring(2)) * FULL);
    }
}
