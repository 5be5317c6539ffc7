package dev.heddle.answers;

import java.time.Duration;

/// What is for the person to say about answers: how long a stream of events may be silent before a comment keeps it
/// alive, and whether text is compressed for those who accept gzip.
public record AnswerSettings(Duration heartbeat, boolean isGzipped) {
    /// A comment every 15 s, as WHATWG HTML, section "Authoring notes" of server-sent events, advises.
    public static final AnswerSettings DEFAULT = new AnswerSettings(Duration.ofSeconds(15), true);

    public AnswerSettings {
        if (!heartbeat.isPositive()) {
            throw new IllegalArgumentException("heartbeat " + heartbeat + " is not more than zero");
        }
    }
}
