package dev.heddle.web;

import java.util.List;
import java.util.Map;

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
        /// The caller has asked as often as it may for now.
        RATE_LIMITED
    }

    private final Kind kind;
    private final transient List<FieldError> errors;
    private final transient Map<String, String> headers;

    private Failure(Kind kind, String sentence, List<FieldError> errors, Map<String, String> headers) {
        // A failure is an answer, not an accident: nobody reads its stack trace, and filling it in is what would cost most.
        super(sentence, null, false, false);
        this.kind = kind;
        this.errors = List.copyOf(errors);
        this.headers = Map.copyOf(headers);
    }

    public static Failure of(Kind kind, String sentence) {
        return new Failure(kind, sentence, List.of(), Map.of());
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
        return new Failure(Kind.INVALID, sentence, errors, Map.of());
    }

    public static Failure invalid(FieldError error) {
        return invalid(List.of(error));
    }

    /// The same failure, told with these headers, whose values must be ours and never a caller's text.
    public Failure with(Map<String, String> headers) {
        return new Failure(kind, getMessage(), errors, headers);
    }

    public Kind kind() {
        return kind;
    }

    /// What is wrong value by value; empty unless the kind is [Kind#INVALID].
    public List<FieldError> errors() {
        return errors;
    }

    /// The headers that go with the answer, by name.
    public Map<String, String> headers() {
        return headers;
    }
}
