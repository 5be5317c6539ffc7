package dev.heddle.items;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.heddle.json.Constraints;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.PlainText;

import org.jspecify.annotations.Nullable;

/// Reads a table with a header line (text/csv, RFC 4180): the columns `name`, `price` and, if there, `description`.
///
/// A record that lacks a field or has one too many is bad; bytes that are not UTF-8, or a field of over 64 Ki
/// characters, are the end.
final class CsvLines implements Iterator<Line> {
    private static final int MOST_FIELD_CHARS = 64 * 1024;
    private static final Set<String> COLUMNS = Set.of("name", "description", "price");

    private final Iterator<CsvRecord> records;
    private final List<String> header;
    private long number = 1;
    private @Nullable Line end;

    /// @throws Failure if the header line lacks a column, or has one twice or one that is not known
    CsvLines(InputStream from) {
        // Bytes that are not UTF-8 must become an error at their line, not a question mark in a name.
        var reader = new InputStreamReader(from, StandardCharsets.UTF_8.newDecoder());
        this.records = CsvReader.builder().maxBufferSize(MOST_FIELD_CHARS).allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(reader).iterator();
        this.header = hasNextRecord() ? records.next().getFields() : List.of();
        var known = new HashSet<>(header);
        if (known.size() != header.size() || !COLUMNS.containsAll(known)
                || !known.containsAll(List.of("name", "price"))) {
            throw Failure.unreadable("the first line must name the columns name, price and, if wanted, description");
        }
    }

    @Override
    public boolean hasNext() {
        return end != null || hasNextRecord() || end != null;
    }

    @Override
    public Line next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Line last = end;
        end = null;
        return last == null ? line(records.next()) : last;
    }

    /// Whether there is another record; if it cannot be read, `end` says so and there is none after it.
    private boolean hasNextRecord() {
        if (number < 0) {
            return false;
        }
        try {
            return records.hasNext();
        } catch (CsvParseException | UncheckedIOException _) {
            end = new Line.Bad(number + 1, "the import ended here: this is not CSV in UTF-8, or a field is too long");
            number = -1;
            return false;
        }
    }

    private Line line(CsvRecord csv) {
        number = csv.getStartingLineNumber();
        if (csv.getFieldCount() != header.size()) {
            return new Line.Bad(number, "has " + csv.getFieldCount() + " fields instead of " + header.size());
        }
        var errors = new ArrayList<FieldError>();
        var body = new ItemBody(field(csv, "name"), field(csv, "description"), price(csv, errors));
        Constraints.check(body, errors);
        if (!PlainText.isStorable(body.name() + body.description())) {
            errors.add(new FieldError(List.of(), "must not hold \\u0000", "string_unstorable"));
        }
        return errors.isEmpty() ? new Line.Good(number, body) : new Line.Bad(number, FieldError.summary(errors, ""));
    }

    private String field(CsvRecord csv, String column) {
        int index = header.indexOf(column);
        return index < 0 ? "" : csv.getField(index);
    }

    private @Nullable BigDecimal price(CsvRecord csv, List<FieldError> errors) {
        String text = field(csv, "price").strip();
        if (text.matches("[0-9]{1,20}(\\.[0-9]{1,20})?")) {
            return new BigDecimal(text);
        }
        errors.add(new FieldError(List.of("price"), "must be a number such as 12.50", "number_type"));
        return null;
    }
}
