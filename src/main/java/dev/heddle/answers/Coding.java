package dev.heddle.answers;

import dev.heddle.gzip.AcceptEncoding;
import dev.heddle.gzip.AcceptEncoding.Choice;
import dev.heddle.gzip.Compressible;
import dev.heddle.web.MediaType;

import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Decides whether one answer is compressed, and says so in its headers.
///
/// An answer with an `ETag` never is: the same tag must not name two sequences of bytes, and a weak one would not do
/// for `If-Match` (RFC 9110 section 8.8.3). Nor is a part of something (section 14.4), nor what could be asked for in
/// parts.
final class Coding {
    private static final Header GZIP = HeaderValues.createCached("Content-Encoding", "gzip");
    private static final HeaderName[] AS_THEY_ARE = {HeaderNames.ETAG, HeaderNames.CONTENT_RANGE,
            HeaderNames.ACCEPT_RANGES, HeaderNames.CONTENT_ENCODING};

    private final Headers asked;
    private final ServerResponseHeaders said;
    private final boolean isOn;

    /// `isOn` says whether anything is compressed at all.
    Coding(ServerRequest request, ServerResponse response, boolean isOn) {
        this.asked = request.headers();
        this.said = response.headers();
        this.isOn = isOn;
    }

    /// Whether an answer of `bytes`, whose other headers have been told, is to be sent as gzip. Tells `Vary` and
    /// `Content-Encoding`.
    boolean isGzip(long bytes) {
        if (!isOn || !isText() || isAsItIs()) {
            return false;
        }
        Choice choice = AcceptEncoding.choice(header(asked, HeaderNames.ACCEPT_ENCODING));
        if (bytes < Compressible.LEAST_BYTES && choice != Choice.ONLY_GZIP) {
            return false;
        }
        // Also where it is not compressed: a cache must not give these bytes to everybody.
        said.add(HeaderNames.VARY, "Accept-Encoding");
        if (choice == Choice.PLAIN) {
            return false;
        }
        said.set(GZIP);
        return true;
    }

    private boolean isText() {
        return Compressible.isText(MediaType.of(header(said, HeaderNames.CONTENT_TYPE)));
    }

    private boolean isAsItIs() {
        for (HeaderName name : AS_THEY_ARE) {
            if (said.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static String header(Headers headers, HeaderName name) {
        return headers.contains(name) ? headers.get(name).values() : "";
    }
}
