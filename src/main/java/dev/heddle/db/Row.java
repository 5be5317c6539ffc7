package dev.heddle.db;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.UUID;

import io.helidon.dbclient.DbRow;
import org.jspecify.annotations.Nullable;

/// One row, read by column name. Only valid while [Reader#read(Row)] runs.
///
/// The methods that end in `OrNull` return `null` for SQL's null; the others take it, a missing column, or one of another
/// type for a bug and throw [DatabaseFailure].
public final class Row {
    /// Makes one thing of one row.
    @FunctionalInterface
    public interface Reader<T> {
        T read(Row row);
    }

    /// Takes what [Database#each] reads, one after the other.
    @FunctionalInterface
    public interface Sink<T, X extends Exception> {
        void accept(T value) throws X;
    }

    private final DbRow row;

    Row(DbRow row) {
        this.row = row;
    }

    /// A `smallint`, `integer` or `bigint`.
    public long number(String column) {
        return present(column, numberOrNull(column));
    }

    public @Nullable Long numberOrNull(String column) {
        Object value = value(column);
        return switch (value) {
            case null -> null;
            case Long number -> number;
            case Integer number -> number.longValue();
            default -> throw wrong(column, value);
        };
    }

    /// A number as [#number] reads it.
    ///
    /// @throws ArithmeticException if it does not fit
    public int integer(String column) {
        return Math.toIntExact(number(column));
    }

    /// Any column that PostgreSQL shows as text: `text`, `uuid`, `jsonb` and others.
    public String text(String column) {
        return present(column, textOrNull(column));
    }

    public @Nullable String textOrNull(String column) {
        Object value = value(column);
        return value == null ? null : value.toString();
    }

    /// A `numeric`.
    public BigDecimal decimal(String column) {
        return present(column, decimalOrNull(column));
    }

    public @Nullable BigDecimal decimalOrNull(String column) {
        return as(BigDecimal.class, column);
    }

    /// A `timestamptz`, exact to the microsecond.
    public Instant instant(String column) {
        return present(column, instantOrNull(column));
    }

    public @Nullable Instant instantOrNull(String column) {
        Timestamp value = as(Timestamp.class, column);
        return value == null ? null : value.toInstant();
    }

    /// A `boolean`.
    public boolean flag(String column) {
        return present(column, as(Boolean.class, column));
    }

    /// A `bytea`.
    public byte[] bytes(String column) {
        return present(column, bytesOrNull(column));
    }

    public byte @Nullable [] bytesOrNull(String column) {
        return as(byte[].class, column);
    }

    /// A `uuid`.
    public UUID uuid(String column) {
        return present(column, as(UUID.class, column));
    }

    private <T> @Nullable T as(Class<T> type, String column) {
        Object value = value(column);
        if (value == null || type.isInstance(value)) {
            return type.cast(value);
        }
        throw wrong(column, value);
    }

    private @Nullable Object value(String column) {
        return row.column(column).get(Object.class);
    }

    private static <T> T present(String column, @Nullable T value) {
        if (value == null) {
            throw new DatabaseFailure("column " + column + " is null");
        }
        return value;
    }

    private static DatabaseFailure wrong(String column, Object value) {
        return new DatabaseFailure("column " + column + " holds a " + value.getClass().getSimpleName());
    }
}
