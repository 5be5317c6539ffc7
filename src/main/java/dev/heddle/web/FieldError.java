package dev.heddle.web;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What is wrong with one value of a request: where it stands, a sentence for people, a word for programs.
///
/// `loc` begins with `body`, `query`, `path` or `header`, then names fields and counts elements from 0, as FastAPI does:
/// `["body", "emails", 3]`.
public record FieldError(List<Object> loc, String msg, String type) {
    public FieldError {
        loc = List.copyOf(loc);
    }

    /// The same error, seen from outside: `place` stands before its location.
    public FieldError within(Object place) {
        var longer = new ArrayList<Object>(loc.size() + 1);
        longer.add(place);
        longer.addAll(loc);
        return new FieldError(longer, msg, type);
    }

    /// All of `errors` as one text; `otherwise` where there is none.
    public static String summary(List<FieldError> errors, String otherwise) {
        return errors.isEmpty()
                ? otherwise
                : errors.stream().map(FieldError::toString).collect(Collectors.joining("; "));
    }

    @Override
    public String toString() {
        return loc.stream().map(String::valueOf).collect(Collectors.joining(".", "", loc.isEmpty() ? "" : " ")) + msg;
    }
}
