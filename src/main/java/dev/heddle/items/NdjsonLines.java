package dev.heddle.items;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Optional;

import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// Reads one JSON object a line (application/x-ndjson). Empty lines are passed over; a line of over 64 KiB is bad, and
/// is never held as a whole.
final class NdjsonLines implements Line.Source {
    private static final int MOST_LINE_BYTES = 64 * 1024;

    private final InputStream from;
    private final byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private long number;
    private boolean isTooLong;

    NdjsonLines(InputStream from) {
        this.from = from;
    }

    @Override
    public Optional<Line> next() {
        while (readLine()) {
            if (!isEmpty()) {
                return Optional.of(parse());
            }
        }
        return Optional.empty();
    }

    /// Reads up to the end of a line, or of the body; says whether there was anything to read.
    private boolean readLine() {
        line.reset();
        isTooLong = false;
        number++;
        boolean isAny = false;
        while (fill()) {
            isAny = true;
            int newline = newline();
            keep(newline - start);
            start = Math.min(newline + 1, end);
            if (newline < end) {
                return true;
            }
        }
        return isAny;
    }

    /// Whether there are bytes in the buffer; if there were none, after waiting for some to arrive.
    private boolean fill() {
        try {
            if (start == end) {
                start = 0;
                end = Math.max(0, from.read(buffer));
            }
            return start < end;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where in the buffer the next line feed is; its end, if there is none.
    private int newline() {
        int at = start;
        while (at < end && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    private void keep(int length) {
        int room = MOST_LINE_BYTES - line.size();
        isTooLong |= length > room;
        line.write(buffer, start, Math.min(length, room));
    }

    /// A line may end with CR LF; to JSON the CR is but space.
    private boolean isEmpty() {
        return line.size() == 0 || line.size() == 1 && line.toByteArray()[0] == '\r';
    }

    private Line parse() {
        if (isTooLong) {
            return new Line.Bad(number, "the line has more than " + MOST_LINE_BYTES + " bytes");
        }
        try {
            ItemLine said = Json.bind(line.toByteArray(), ItemLine.class);
            return Line.of(number, new ItemBody(said.name(), said.description(), said.price()), new ArrayList<>());
        } catch (Failure failure) {
            return new Line.Bad(number, FieldError.summary(failure.errors(), failure.getMessage()));
        }
    }

    /// A thing as a line says it: like the body of a request, or as `/items/export` of another server wrote it, whose
    /// ids and times mean nothing here and are passed over.
    @Valid
    @JsonIgnoreProperties({"id", "created_at"})
    record ItemLine(@NotNull String name, @Nullable String description, @NotNull BigDecimal price) {}
}
