package dev.heddle.web;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/// One value that a caller puts into the path, the query or a header: declared once, then checked before the handler
/// runs, read by it through [Request#value(Parameter)], and described in `/openapi.json`. Immutable.
public final class Parameter<T> {
    /// Where the value stands in the request; the name in lower case begins an error's location.
    public enum Place {
        PATH, QUERY, HEADER
    }

    /// What values are allowed, in the words of JSON Schema: bounds of a number, or of the length of a string.
    public record Bounds(String type, long least, long most) {}

    private final Place place;
    private final String name;
    private final String summary;
    private final Bounds bounds;
    private final @Nullable T fallback;
    private final Function<String, T> reader;

    private Parameter(Place place, String name, String summary, Bounds bounds, @Nullable T fallback,
            Function<String, T> reader) {
        this.place = place;
        this.name = name;
        this.summary = summary;
        this.bounds = bounds;
        this.fallback = fallback;
        this.reader = reader;
    }

    /// An id in the path, from 1 to 2^63 - 1.
    public static Parameter<Long> id(String name, String summary) {
        var bounds = new Bounds("integer", 1, Long.MAX_VALUE);
        return new Parameter<>(Place.PATH, name, summary, bounds, null, text -> wholeNumber(text, bounds));
    }

    /// A whole number in the path.
    public static Parameter<Integer> number(String name, Bounds bounds, String summary) {
        return new Parameter<>(Place.PATH, name, summary, bounds, null,
                text -> Math.toIntExact(wholeNumber(text, bounds)));
    }

    /// A text of 1 to `longest` characters in the path.
    public static Parameter<String> segment(String name, int longest, String summary) {
        var bounds = new Bounds("string", 1, longest);
        return new Parameter<>(Place.PATH, name, summary, bounds, null, text -> plainText(text, bounds));
    }

    /// A whole number in the query, from `least` to `most`; `fallback` where it is absent.
    public static Parameter<Integer> count(String name, int fallback, Bounds bounds, String summary) {
        return new Parameter<>(Place.QUERY, name, summary, bounds, fallback,
                text -> Math.toIntExact(wholeNumber(text, bounds)));
    }

    /// The bounds of a whole number.
    public static Bounds from(long least, long most) {
        return new Bounds("integer", least, most);
    }

    /// A text of 1 to `longest` characters in the query that must be there.
    public static Parameter<String> text(String name, int longest, String summary) {
        var bounds = new Bounds("string", 1, longest);
        return new Parameter<>(Place.QUERY, name, summary, bounds, null, text -> plainText(text, bounds));
    }

    /// A text of at most `longest` characters in the query, which may be absent.
    public static Parameter<Optional<String>> optionalText(String name, int longest, String summary) {
        var bounds = new Bounds("string", 0, longest);
        return new Parameter<>(Place.QUERY, name, summary, bounds, Optional.empty(),
                text -> Optional.of(plainText(text, bounds)));
    }

    /// An id in the query, from 1 to 2^63 - 1, which may be absent.
    public static Parameter<Optional<Long>> optionalId(String name, String summary) {
        var bounds = new Bounds("integer", 1, Long.MAX_VALUE);
        return new Parameter<>(Place.QUERY, name, summary, bounds, Optional.empty(),
                text -> Optional.of(wholeNumber(text, bounds)));
    }

    /// A whole number in a header, which may be absent.
    public static Parameter<Optional<Long>> optionalHeader(String name, Bounds bounds, String summary) {
        return new Parameter<>(Place.HEADER, name, summary, bounds, Optional.empty(),
                text -> Optional.of(wholeNumber(text, bounds)));
    }

    /// A text of 1 to `longest` characters in a header, which may be absent.
    public static Parameter<Optional<String>> optionalTextHeader(String name, int longest, String summary) {
        var bounds = new Bounds("string", 1, longest);
        return new Parameter<>(Place.HEADER, name, summary, bounds, Optional.empty(),
                text -> Optional.of(plainText(text, bounds)));
    }

    public Place place() {
        return place;
    }

    public String name() {
        return name;
    }

    /// One line for the documentation.
    public String summary() {
        return summary;
    }

    public Bounds bounds() {
        return bounds;
    }

    /// What stands for an absent value; empty where the value must be there.
    public Optional<T> fallback() {
        return Optional.ofNullable(fallback);
    }

    /// The value that `text` says, `text` being null where the caller sent none; null, and one more of `errors`, if it
    /// is refused.
    public @Nullable T read(@Nullable String text, List<FieldError> errors) {
        try {
            if (text != null) {
                return reader.apply(text);
            } else if (fallback != null) {
                return fallback;
            }
            throw new Refused("is required", "missing");
        } catch (Refused refused) {
            String where = place.name().toLowerCase(Locale.ROOT);
            errors.add(new FieldError(List.of(where, name), refused.getMessage(), refused.type));
            return null;
        }
    }

    private static long wholeNumber(String text, Bounds bounds) {
        if (!isWholeNumber(text)) {
            throw new Refused("must be a whole number", "int_parsing");
        }
        try {
            long number = Long.parseLong(text);
            if (number >= bounds.least && number <= bounds.most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // More digits than a long has are out of range, too.
        }
        throw new Refused("must be from " + bounds.least + " to " + bounds.most, "out_of_range");
    }

    /// Digits of ASCII, perhaps after a minus: [Long#parseLong(String)] reads a plus and digits of every script, too.
    private static boolean isWholeNumber(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return text.length() > start;
    }

    private static String plainText(String text, Bounds bounds) {
        if (text.length() < bounds.least || text.length() > bounds.most) {
            throw new Refused("must have a length from " + bounds.least + " to " + bounds.most, "length");
        }
        if (!PlainText.isStorable(text)) {
            throw new Refused("must not hold \\u0000 or half of a surrogate pair", "string_unstorable");
        }
        return text;
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String type;

        Refused(String message, String type) {
            super(message, null, false, false);
            this.type = type;
        }
    }
}
