package dev.heddle.forms;

import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.heddle.forms.Part.Disposition;
import dev.heddle.web.Failure;

/// The headers of a part (RFC 7578 section 4): `Content-Disposition` must be there, once. What else a part says of itself
/// is not believed, and a part that says that it is encoded is unreadable (section 4.7).
final class PartHeaders {
    private static final int MOST_BYTES = 4 * 1024;
    private static final Pattern HEADER = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]++):(.*+)");
    private static final Set<String> PLAIN_ENCODINGS = Set.of("binary", "8bit", "7bit");

    private PartHeaders() {
    }

    static Disposition read(Window window) throws IOException {
        Map<String, String> headers = all(window);
        String encoding = headers.getOrDefault("content-transfer-encoding", "binary");
        if (!PLAIN_ENCODINGS.contains(encoding.toLowerCase(Locale.ROOT))) {
            throw Failure.unreadable("a part must not be encoded");
        }
        // `filename*` is passed over, as RFC 7578 section 4.2 wants it.
        Map<String, String> parameters = HeaderParameters.of(headers.getOrDefault("content-disposition", ""),
                "form-data");
        String name = parameters.getOrDefault("name", "");
        if (name.isEmpty()) {
            throw Failure.unreadable("a part does not say what it is called");
        }
        return new Disposition(name, parameters.get("filename"));
    }

    private static Map<String, String> all(Window window) throws IOException {
        var headers = new HashMap<String, String>();
        int left = MOST_BYTES;
        for (byte[] line = window.line(left); line.length > 0; line = window.line(left)) {
            left -= line.length;
            Matcher header = HEADER.matcher(Part.utf8(line));
            if (!header.matches() || hasControls(header.group(2))) {
                throw Failure.unreadable("a part has a header that is none");
            }
            if (headers.put(header.group(1).toLowerCase(Locale.ROOT), header.group(2).strip()) != null) {
                throw Failure.unreadable("a part has a header twice");
            }
        }
        return headers;
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t');
    }
}
