package dev.heddle.mail;

import java.util.Locale;
import java.util.regex.Pattern;

/// An e-mail address of ASCII letters, digits and the signs that RFC 5321 section 4.1.2 allows without quotes: what any
/// SMTP server takes. Neither quotes nor blanks, control characters or commas get into a header or an SMTP command.
public record Address(String text) {
    /// What an address looks like, as a regular expression that JSON Schema knows as well.
    public static final String SYNTAX = "^(?=.{3,254}$)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
            + "([.][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
            + "([.][A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$";
    private static final Pattern ADDRESS = Pattern.compile(SYNTAX);

    /// @throws IllegalArgumentException if `text` is no address
    public Address {
        if (!isAddress(text)) {
            throw new IllegalArgumentException("not an e-mail address");
        }
    }

    public static boolean isAddress(String text) {
        // The length comes first; and matches() wants all of the text, where `$` is content before a last \n.
        return text.length() <= 254 && ADDRESS.matcher(text).matches();
    }

    /// What stands before the `@`.
    public String local() {
        return text.substring(0, text.indexOf('@'));
    }

    /// What stands after the `@`.
    public String domain() {
        return text.substring(text.indexOf('@') + 1);
    }

    /// The same for two addresses that differ only in case. The part before the `@` could tell case apart (RFC 5321
    /// section 2.4), but hardly any server does, and one person shall not get one mail twice.
    public String key() {
        return text.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return text;
    }
}
