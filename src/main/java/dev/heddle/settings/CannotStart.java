package dev.heddle.settings;

/// The server cannot start, for a reason that one sentence tells to the person who started it.
///
/// `Main` prints that sentence, without a stack trace, and exits with code 1.
public final class CannotStart extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// `sentence` says what is wrong and, where it can be said, what would help.
    public CannotStart(String sentence) {
        super(sentence);
    }

    public CannotStart(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
