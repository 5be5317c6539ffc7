package dev.heddle.items;

/// One line of an import, counted from 1: a thing to store, or what is wrong with it.
sealed interface Line {
    long number();

    record Good(long number, ItemBody body) implements Line {}

    record Bad(long number, String msg) implements Line {}
}
