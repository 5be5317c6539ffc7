package dev.heddle.forms;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.heddle.web.Failure;

/// What stands behind the first word of a header such as `form-data; name="file"` (RFC 9110 section 5.6.6).
final class HeaderParameters {
    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]++";
    // Possessive, because a loop that can go back needs a stack as deep as the text is long.
    private static final String QUOTED = "\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"";
    private static final Pattern PARAMETER = Pattern
            .compile("[ \t]*+;[ \t]*+(" + TOKEN + ")=(?:" + QUOTED + "|(" + TOKEN + "))[ \t]*+");

    private HeaderParameters() {
    }

    /// The parameters of `header` by name in lower case.
    ///
    /// @throws Failure if the first word is not `word`, what follows is not parameters, or one is there twice
    static Map<String, String> of(String header, String word) {
        var parameters = new HashMap<String, String>();
        int end = word.length();
        if (!header.regionMatches(true, 0, word, 0, end)) {
            throw unreadable(word);
        }
        Matcher parameter = PARAMETER.matcher(header);
        while (parameter.find(end) && parameter.start() == end) {
            end = parameter.end();
            String value = parameter.group(2) == null ? parameter.group(3) : unescaped(parameter.group(2));
            if (parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value) != null) {
                throw unreadable(word);
            }
            if (end == header.length()) {
                return parameters;
            }
        }
        throw unreadable(word);
    }

    /// A backslash stands for itself, save before a quote or another one: browsers do not escape it (the HTML standard,
    /// "Multipart form data").
    private static String unescaped(String quoted) {
        return quoted.replaceAll("\\\\([\"\\\\])", "$1");
    }

    private static Failure unreadable(String word) {
        return Failure.unreadable("the header that should begin with " + word + " and have parameters does not");
    }
}
