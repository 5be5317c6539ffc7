package dev.heddle.items;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.PlainText;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import org.jspecify.annotations.Nullable;

/// Reads a table with a header line (text/csv, RFC 4180): the columns `name`, `price` and, if there, `description`, in
/// any order. Empty lines are passed over; a record that lacks a field or has one too many is bad. A record of over
/// 64 Ki characters, or text after a closing quote, is the end: where the next record begins is anybody's guess.
final class CsvLines implements Line.Source {
    private static final int MOST_RECORD_CHARS = 64 * 1024;
    private static final Set<String> COLUMNS = Set.of("name", "description", "price");
    private static final Set<String> NEEDED = Set.of("name", "price");

    private final Iterator<CsvRecord> records;
    private final List<String> header;
    private long number = 1;
    private boolean isBroken;

    /// @throws Failure if the header line lacks a column, or has one twice or one that is not known
    CsvLines(InputStream from) {
        this.records = CsvReader.builder().maxBufferSize(MOST_RECORD_CHARS).allowExtraFields(true)
                .allowMissingFields(true)
                .build(CsvRecordHandler.of(handler -> handler.maxRecordSize(MOST_RECORD_CHARS)
                        .maxFieldSize(MOST_RECORD_CHARS)), reader(from))
                .iterator();
        this.header = header();
    }

    /// Bytes that are not UTF-8 become `\u0000`, which no text that is stored may hold: so they spoil their own record
    /// only. An exception in their place would lose the good ones that were read with them.
    private static Reader reader(InputStream from) {
        return new InputStreamReader(from, StandardCharsets.UTF_8.newDecoder().replaceWith("\0")
                .onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE));
    }

    private List<String> header() {
        List<String> names = record().map(CsvRecord::getFields).orElse(List.of());
        var known = new HashSet<>(names);
        if (known.size() != names.size() || !COLUMNS.containsAll(known) || !known.containsAll(NEEDED)) {
            throw Failure.unreadable("the first line must name the columns name, price and, if wanted, description");
        }
        return List.copyOf(names);
    }

    @Override
    public Optional<Line> next() {
        if (isBroken) {
            return Optional.empty();
        }
        Optional<Line> line = record().map(this::line);
        return isBroken
                ? Optional
                        .of(new Line.Bad(number + 1, "the import ended here: this is no CSV, or a record is too long"))
                : line;
    }

    /// The next record; none after the last, or where there is no telling where it ends.
    private Optional<CsvRecord> record() {
        try {
            return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
        } catch (CsvParseException _) {
            isBroken = true;
            return Optional.empty();
        }
    }

    private Line line(CsvRecord csv) {
        number = csv.getStartingLineNumber();
        if (csv.getFieldCount() != header.size()) {
            return new Line.Bad(number, "has " + csv.getFieldCount() + " fields instead of " + header.size());
        }
        if (!csv.getFields().stream().allMatch(PlainText::isStorable)) {
            return new Line.Bad(number, "must be UTF-8 and must not hold \\u0000");
        }
        var errors = new ArrayList<FieldError>();
        var body = new ItemBody(field(csv, "name"), field(csv, "description"), price(csv, errors));
        return Line.of(number, body, errors);
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
