package dev.heddle.notices;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.heddle.mail.Address;

/// A text with fields: `{name}` is what stands before the `@` of the address, `{email}` the address; `{{` and `}}` are
/// braces. At most 100 of these in all. Nothing that is put into a field is read as a field again.
record Template(String text) {
    static final int LONGEST = 50_000;

    /// What a template looks like. The bound keeps the match, which goes down one step for each field, off a deep
    /// stack.
    static final String SYNTAX = "^[^{}]*(?:(?:\\{\\{|\\}\\}|\\{name\\}|\\{email\\})[^{}]*){0,100}$";
    static final String RULE = "template|must have no other fields than {name} and {email}, with {{ and }} for braces,"
            + " and at most 100 of these in all";
    private static final Pattern WHOLE = Pattern.compile(SYNTAX);
    private static final Pattern FIELD = Pattern.compile("\\{\\{|\\}\\}|\\{name\\}|\\{email\\}");

    /// @throws IllegalArgumentException if a field is not known, or a brace stands alone
    Template {
        if (!isTemplate(text)) {
            throw new IllegalArgumentException("not a template");
        }
    }

    static boolean isTemplate(String text) {
        return text.length() <= LONGEST && WHOLE.matcher(text).matches();
    }

    /// The text for the person at `address`.
    String filledFor(Address address) {
        return FIELD.matcher(text).replaceAll(field -> Matcher.quoteReplacement(value(field, address)));
    }

    private static String value(MatchResult field, Address address) {
        return switch (field.group()) {
            case "{{" -> "{";
            case "}}" -> "}";
            case "{name}" -> address.local();
            default -> address.text();
        };
    }
}
