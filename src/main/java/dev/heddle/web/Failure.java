package dev.heddle.web;

import java.util.List;

import org.jspecify.annotations.Nullable;

/// What a caller may be told when a request cannot be answered: a kind and one sentence. Anything else that is thrown
/// is a bug, of which nothing is told.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Why. Only the room `server` knows which HTTP status each is.
    public enum Kind {
        /// The bytes cannot be read as what they claim to be.
        UNREADABLE,
        /// The content was read, but a value in it is refused.
        INVALID,
        NOT_FOUND,
        /// What was asked for contradicts what is stored.
        CONFLICT,
        /// What the caller believed to be stored (`If-Match`) is stored no more.
        STALE,
        TOO_LARGE,
        UNSUPPORTED_TYPE,
        /// Another server that the answer needs cannot be reached, or answers nothing of use.
        UPSTREAM_BROKEN,
        /// Another server that the answer needs did not answer in time.
        UPSTREAM_SLOW
    }

    private final Kind kind;
    private final transient List<FieldError> errors;

    private Failure(Kind kind, String sentence, List<FieldError> errors, @Nullable Throwable cause) {
        // A failure is an answer, not an accident: nobody reads its stack trace, and filling it in is what would cost most.
        super(sentence, cause, false, false);
        this.kind = kind;
        this.errors = List.copyOf(errors);
    }

    public static Failure of(Kind kind, String sentence) {
        return new Failure(kind, sentence, List.of(), null);
    }

    public static Failure of(Kind kind, String sentence, Throwable cause) {
        return new Failure(kind, sentence, List.of(), cause);
    }

    public static Failure notFound(String sentence) {
        return of(Kind.NOT_FOUND, sentence);
    }

    public static Failure conflict(String sentence) {
        return of(Kind.CONFLICT, sentence);
    }

    public static Failure unreadable(String sentence) {
        return of(Kind.UNREADABLE, sentence);
    }

    /// `errors` are all that is wrong, at least one.
    public static Failure invalid(List<FieldError> errors) {
        String sentence = errors.size() == 1 ? "1 value is refused" : errors.size() + " values are refused";
        return new Failure(Kind.INVALID, sentence, errors, null);
    }

    public static Failure invalid(FieldError error) {
        return invalid(List.of(error));
    }

    public Kind kind() {
        return kind;
    }

    /// What is wrong value by value; empty unless the kind is [Kind#INVALID].
    public List<FieldError> errors() {
        return errors;
    }
}
