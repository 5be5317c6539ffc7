package dev.heddle.items;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;

import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import org.jspecify.annotations.Nullable;

/// Reads one JSON object a line (application/x-ndjson). Empty lines are passed over; a line of over 64 KiB is bad, and
/// is never held as a whole.
final class NdjsonLines implements Iterator<Line> {
    private static final int MOST_LINE_BYTES = 64 * 1024;

    private final InputStream from;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private long number;
    private boolean isTooLong;
    private @Nullable Line next;

    NdjsonLines(InputStream from) {
        this.from = new BufferedInputStream(from, 64 * 1024);
    }

    @Override
    public boolean hasNext() {
        while (next == null && readLine()) {
            next = line.size() == 0 && !isTooLong ? null : parse();
        }
        return next != null;
    }

    @Override
    public Line next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Line line = next;
        next = null;
        return line;
    }

    /// Reads up to the end of a line, or of the body; says whether there was anything to read.
    private boolean readLine() {
        line.reset();
        isTooLong = false;
        number++;
        try {
            int c = from.read();
            if (c < 0) {
                return false;
            }
            for (; c >= 0 && c != '\n'; c = from.read()) {
                keep(c);
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(int c) {
        if (line.size() == MOST_LINE_BYTES) {
            isTooLong = true;
        } else if (c != '\r') {
            line.write(c);
        }
    }

    private Line parse() {
        if (isTooLong) {
            return new Line.Bad(number, "the line has more than " + MOST_LINE_BYTES + " bytes");
        }
        try {
            return new Line.Good(number, Json.bind(line.toByteArray(), ItemBody.class));
        } catch (Failure failure) {
            return new Line.Bad(number, FieldError.summary(failure.errors(), failure.getMessage()));
        }
    }
}
