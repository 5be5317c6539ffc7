package dev.heddle.wire;

import java.util.List;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;

/// Refuses what could be read as two different requests: Helidon 4.1.7 accepts a second Content-Length, one beside a
/// Transfer-Encoding, `+5`, and transfer encodings that it does not know, which is how requests are smuggled past a
/// proxy (RFC 9112 section 11.2).
public final class Framing {
    private static final int MOST_LENGTH_DIGITS = 18;

    private Framing() {
    }

    /// @throws BrokenRequest if these headers leave open where the request ends, or break a rule of HTTP/1.1
    public static void check(Headers headers) {
        boolean hasLength = headers.contains(HeaderNames.CONTENT_LENGTH);
        boolean hasEncoding = headers.contains(HeaderNames.TRANSFER_ENCODING);
        if (hasLength && hasEncoding) {
            throw new BrokenRequest("a request has a Content-Length or a Transfer-Encoding, not both");
        } else if (hasLength && !isLength(only(headers, HeaderNames.CONTENT_LENGTH))) {
            throw new BrokenRequest("a Content-Length is one whole number");
        } else if (hasEncoding && !"chunked".equals(only(headers, HeaderNames.TRANSFER_ENCODING))) {
            // Exactly so: Helidon takes the body of a request with "Chunked" for the next request.
            throw new BrokenRequest("the only Transfer-Encoding is chunked");
        } else if (!isHost(only(headers, HeaderNames.HOST))) {
            throw new BrokenRequest("a request names one Host");
        }
        checkEach(headers);
    }

    /// Whether the caller expects what no server of HTTP/1.1 knows (RFC 9110 section 10.1.1). Only the very word that
    /// Helidon knows will do, for it would wait for a body that the caller holds back.
    public static boolean hasUnknownExpectation(Headers headers) {
        return headers.contains(HeaderNames.EXPECT) && !"100-continue".equals(only(headers, HeaderNames.EXPECT));
    }

    /// The header's one value; empty if it is absent or has several.
    private static String only(Headers headers, HeaderName name) {
        if (!headers.contains(name)) {
            return "";
        }
        List<String> values = headers.get(name).allValues();
        return values.size() == 1 ? values.getFirst() : "";
    }

    private static boolean isLength(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST_LENGTH_DIGITS;
    }

    /// Letters, digits and the few marks of names, ports and addresses (RFC 9110 section 7.2).
    private static boolean isHost(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isLetterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!isLetterOrDigit && ".-_:[]".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static void checkEach(Headers headers) {
        for (Header header : headers) {
            if (header.name().isEmpty()) {
                throw new BrokenRequest("a header has a name");
            }
            try {
                header.validate();
            } catch (IllegalArgumentException e) {
                throw new BrokenRequest("a header holds what no header may", e);
            }
        }
    }
}
