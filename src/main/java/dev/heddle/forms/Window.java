package dev.heddle.forms;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

import dev.heddle.web.Failure;

/// A stretch of a form's bytes, moved along as they are taken. Used by one thread.
final class Window {
    private static final int BYTES = 16 * 1024;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] bytes = new byte[BYTES];
    private int from;
    private int to;

    /// `delimiter` stands between parts: CR, LF, two dashes and the boundary.
    Window(InputStream in, byte[] delimiter) {
        this.in = in;
        this.delimiter = delimiter.clone();
    }

    /// Before the first part the delimiter lacks its line end, because no line is before it.
    void passFirstDelimiter() throws IOException {
        need(delimiter.length - 2);
        if (!Arrays.equals(bytes, from, from + delimiter.length - 2, delimiter, 2, delimiter.length)) {
            throw Failure.unreadable("the form does not begin with its boundary");
        }
        from += delimiter.length - 2;
    }

    /// After a delimiter: passes over what ends its line, and says whether it is the last.
    boolean isLastDelimiter() throws IOException {
        need(2);
        byte first = bytes[from];
        byte second = bytes[from + 1];
        from += 2;
        if (first == '\r' && second == '\n') {
            return false;
        } else if (first == '-' && second == '-') {
            return true;
        }
        throw Failure.unreadable("a boundary does not end its line");
    }

    /// After the last delimiter there may be the end of its line, and nothing else.
    void expectEnd() throws IOException {
        while (to - from <= 2 && fill()) {
            // Reads on until the end is seen.
        }
        boolean isLineEnd = to - from == 2 && bytes[from] == '\r' && bytes[from + 1] == '\n';
        if (to > from && !isLineEnd) {
            throw Failure.unreadable("there is text after the form");
        }
    }

    /// The bytes up to the next CR LF, which is passed over.
    ///
    /// @throws Failure if the line has more than `most` bytes
    byte[] line(int most) throws IOException {
        int length = 0;
        while (true) {
            need(length + 2);
            if (bytes[from + length] == '\r' && bytes[from + length + 1] == '\n') {
                byte[] line = Arrays.copyOfRange(bytes, from, from + length);
                from += length + 2;
                return line;
            }
            length++;
            if (length > most) {
                throw Failure.of(Failure.Kind.TOO_LARGE, "the headers of a part are too long");
            }
        }
    }

    /// Takes bytes of a part's content; -1 at its end, where the delimiter has been passed over.
    int take(byte[] into, int offset, int length) throws IOException {
        int count = beforeDelimiter(length);
        while (count == 0) {
            if (isDelimiterAt(from)) {
                from += delimiter.length;
                return -1;
            }
            more();
            count = beforeDelimiter(length);
        }
        System.arraycopy(bytes, from, into, offset, count);
        from += count;
        return count;
    }

    /// How many bytes from here on, at most `most`, can be no part of a delimiter.
    private int beforeDelimiter(int most) {
        int end = Math.min(to, from + most);
        for (int at = from; at < end; at++) {
            if (bytes[at] == '\r' && isDelimiterBegunAt(at)) {
                return at - from;
            }
        }
        return end - from;
    }

    private boolean isDelimiterAt(int at) {
        return to - at >= delimiter.length && isDelimiterBegunAt(at);
    }

    private boolean isDelimiterBegunAt(int at) {
        int length = Math.min(delimiter.length, to - at);
        return Arrays.equals(bytes, at, at + length, delimiter, 0, length);
    }

    private void need(int count) throws IOException {
        while (to - from < count) {
            more();
        }
    }

    private void more() throws IOException {
        if (!fill()) {
            throw Failure.unreadable("the form is cut");
        }
    }

    /// Reads on; false where there is no more.
    private boolean fill() throws IOException {
        System.arraycopy(bytes, from, bytes, 0, to - from);
        to -= from;
        from = 0;
        int count = in.read(bytes, to, bytes.length - to);
        to += Math.max(0, count);
        return count > 0;
    }
}
