package dev.heddle.web;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// What a caller may be told when a request cannot be answered: a kind and one sentence. Anything else that is thrown
/// is a bug, of which nothing is told.
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Why. Only the room `answers` knows which HTTP status each is.
    public enum Kind {
        /// The bytes cannot be read as what they claim to be.
        UNREADABLE,
        /// The content was read, but a value in it is refused.
        INVALID,
        NOT_FOUND,
        /// What was asked for contradicts what is stored.
        CONFLICT,
        /// There is not enough money for what was asked.
        OVERDRAWN,
        /// What the caller believed to be stored (`If-Match`) is stored no more.
        STALE,
        TOO_LARGE,
        UNSUPPORTED_TYPE,
        /// Another server that the answer needs cannot be reached, or answers nothing of use.
        UPSTREAM_BROKEN,
        /// Another server that the answer needs did not answer in time.
        UPSTREAM_SLOW,
        /// The caller has asked as often as it may for now.
        RATE_LIMITED,
        /// The range that was asked for lies behind the end.
        OUT_OF_RANGE
    }

    private final Kind kind;
    private final transient Told told;

    /// What is told beside the kind and the sentence.
    private record Told(List<FieldError> errors, Map<String, String> headers) {
        private static final Told NOTHING_ELSE = new Told(List.of(), Map.of());

        Told {
            errors = List.copyOf(errors);
            headers = Map.copyOf(headers);
        }
    }

    private Failure(Kind kind, String sentence, Told told, @Nullable Throwable cause) {
        // A failure is an answer, not an accident: nobody reads its stack trace, and filling it in is what would cost most.
        super(sentence, cause, false, false);
        this.kind = kind;
        this.told = told;
    }

    public static Failure of(Kind kind, String sentence) {
        return new Failure(kind, sentence, Told.NOTHING_ELSE, null);
    }

    public static Failure of(Kind kind, String sentence, Throwable cause) {
        return new Failure(kind, sentence, Told.NOTHING_ELSE, cause);
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
        return new Failure(Kind.INVALID, sentence, new Told(errors, Map.of()), null);
    }

    public static Failure invalid(FieldError error) {
        return invalid(List.of(error));
    }

    /// The same failure, told with these headers, whose values must be ours and never a caller's text.
    public Failure with(Map<String, String> headers) {
        return new Failure(kind, getMessage(), new Told(told.errors, headers), getCause());
    }

    public Kind kind() {
        return kind;
    }

    /// What is wrong value by value; empty unless the kind is [Kind#INVALID].
    public List<FieldError> errors() {
        return told.errors;
    }

    /// The headers that go with the answer, by name.
    public Map<String, String> headers() {
        return told.headers;
    }
}
