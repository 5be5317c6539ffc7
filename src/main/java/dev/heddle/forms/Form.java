package dev.heddle.forms;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

import dev.heddle.web.Failure;
import dev.heddle.web.MediaType;

import org.jspecify.annotations.Nullable;

/// A form of several parts (multipart/form-data: RFC 7578; RFC 2046 section 5.1), read part by part as it arrives, in
/// constant memory. Used by one thread.
///
/// It is ours because helidon-http-media-multipart 4.1.3, tried with such bodies, tells nobody that something is wrong:
/// where the boundary is another than the header says, or stands behind other text, there is no part at all; a part
/// that says a `Content-Length` smaller than it is hides all parts behind it; parts without a name are given one; there
/// may be any number. Here the body is a form from its first byte to its last, or it is unreadable.
public final class Form {
    /// RFC 2046 section 5.1.1: 1 to 70 of these, the last no blank.
    private static final Pattern BOUNDARY = Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");

    private final Window window;
    private final int mostParts;
    private int parts;
    private @Nullable Part current;
    private boolean isAtEnd;

    /// The form that `content` holds, of at most `mostParts` parts; `contentType` says the boundary between them.
    ///
    /// @throws Failure if it says none
    public Form(String contentType, InputStream content, int mostParts) {
        this.window = new Window(content, ("\r\n--" + boundary(contentType)).getBytes(StandardCharsets.US_ASCII));
        this.mostParts = mostParts;
    }

    /// The next part, whatever is left of the one before being passed over; empty after the last.
    ///
    /// @throws Failure if the body is no form, or has more parts than it may
    public Optional<Part> next() throws IOException {
        if (isAtEnd) {
            return Optional.empty();
        }
        if (current == null) {
            window.passFirstDelimiter();
        } else {
            current.content().transferTo(OutputStream.nullOutputStream());
        }
        if (window.isLastDelimiter()) {
            window.expectEnd();
            isAtEnd = true;
            return Optional.empty();
        }
        parts++;
        if (parts > mostParts) {
            throw Failure.of(Failure.Kind.TOO_LARGE, "the form has more than " + mostParts + " parts");
        }
        current = Part.read(window);
        return Optional.of(current);
    }

    private static String boundary(String contentType) {
        String text = HeaderParameters.of(contentType.strip(), MediaType.FORM).getOrDefault("boundary", "");
        if (!BOUNDARY.matcher(text).matches()) {
            throw Failure
                    .unreadable("the Content-Type must say a boundary, of 1 to 70 characters that RFC 2046 allows");
        }
        return text;
    }
}
