package dev.heddle.mail;

import java.util.regex.Pattern;

/// One mail to one person. `id` becomes its `Message-ID` and stays the same however often it is tried, so that whoever
/// gets it twice can tell: 1 to 100 letters, digits, dots and dashes.
///
/// The subject has at most 200 characters, none of them a control character or an end of line; the body at most
/// 100,000.
public record Mail(String id, Address to, String subject, String body) {
    public static final int LONGEST_SUBJECT = 200;
    public static final int LONGEST_BODY = 100_000;

    /// What a subject looks like: nothing that could end its line and begin another header.
    public static final String SUBJECT = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$";
    private static final Pattern ONE_LINE = Pattern.compile(SUBJECT);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?");

    /// @throws IllegalArgumentException if something in it is not as said above
    public Mail {
        if (!ID.matcher(id).matches() || id.contains("..")) {
            throw new IllegalArgumentException("id '" + id + "'");
        }
        if (!isSubject(subject)) {
            throw new IllegalArgumentException("the subject is too long, or no single line");
        }
        if (body.length() > LONGEST_BODY) {
            throw new IllegalArgumentException("a body of " + body.length() + " characters");
        }
    }

    public static boolean isSubject(String text) {
        return text.length() <= LONGEST_SUBJECT && ONE_LINE.matcher(text).matches();
    }
}
