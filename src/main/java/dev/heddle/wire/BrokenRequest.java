package dev.heddle.wire;

/// The request is framed wrongly, or its body is cut: what follows on its connection cannot be trusted, so that the
/// connection must be closed after the answer.
public final class BrokenRequest extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BrokenRequest(String sentence) {
        super(sentence, null, false, false);
    }

    public BrokenRequest(String sentence, Throwable cause) {
        super(sentence, cause, false, false);
    }
}
