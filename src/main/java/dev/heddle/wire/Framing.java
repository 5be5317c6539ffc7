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
    private Framing() {
    }

    /// @throws BrokenRequest if these headers leave open where the request ends, or break a rule of HTTP/1.1
    public static void check(Headers headers) {
        boolean hasLength = headers.contains(HeaderNames.CONTENT_LENGTH);
        boolean hasEncoding = headers.contains(HeaderNames.TRANSFER_ENCODING);
        if (hasLength && hasEncoding) {
            throw new BrokenRequest("a request has a Content-Length or a Transfer-Encoding, not both");
        } else if (hasLength && !isDigits(only(headers, HeaderNames.CONTENT_LENGTH))) {
            throw new BrokenRequest("a Content-Length is one whole number");
        } else if (hasEncoding && !"chunked".equalsIgnoreCase(only(headers, HeaderNames.TRANSFER_ENCODING))) {
            throw new BrokenRequest("the only Transfer-Encoding is chunked");
        } else if (only(headers, HeaderNames.HOST).isEmpty()) {
            throw new BrokenRequest("a request names one Host");
        } else if (hasNamelessHeader(headers)) {
            throw new BrokenRequest("a header has a name");
        }
    }

    /// Whether the caller expects what no server of HTTP/1.1 knows (RFC 9110 section 10.1.1).
    public static boolean hasUnknownExpectation(Headers headers) {
        return headers.contains(HeaderNames.EXPECT)
                && !"100-continue".equalsIgnoreCase(only(headers, HeaderNames.EXPECT));
    }

    /// The header's one value; empty if it is absent or has several.
    private static String only(Headers headers, HeaderName name) {
        List<String> values = headers.all(name, List::of);
        return values.size() == 1 ? values.getFirst() : "";
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean hasNamelessHeader(Headers headers) {
        for (Header header : headers) {
            if (header.name().isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
