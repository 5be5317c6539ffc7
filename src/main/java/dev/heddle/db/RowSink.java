package dev.heddle.db;

/// Takes what [Database#each] reads, one after the other.
@FunctionalInterface
public interface RowSink<T, X extends Exception> {
    void accept(T value) throws X;
}
