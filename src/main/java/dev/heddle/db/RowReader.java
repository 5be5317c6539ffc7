package dev.heddle.db;

/// Makes one thing of one row.
@FunctionalInterface
public interface RowReader<T> {
    T read(Row row);
}
