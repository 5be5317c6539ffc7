package dev.heddle.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/// How one of several calls ended: with a value or with a failure.
///
///     switch (outcome) {
///         case Outcome.Success(User user) -> …
///         case Outcome.Failure(Throwable cause) -> …
///     }
public sealed interface Outcome<T extends @Nullable Object> {

    /// The value of the success, which may be null if the call may return null.
    ///
    /// @throws RuntimeException the cause of the failure as it is, if unchecked (an `Error` also); a checked one leaves
    ///                          as the cause of a [CompletionException]
    T orThrow();

    /// The call returned `value`.
    record Success<T extends @Nullable Object>(T value) implements Outcome<T> {
        @Override
        public T orThrow() {
            return value;
        }
    }

    /// The call threw `cause`; or it was not done in time, and `cause` is [DeadlinePassed].
    record Failure<T extends @Nullable Object>(Throwable cause) implements Outcome<T> {
        @Override
        public T orThrow() {
            switch (cause) {
                case Error error -> throw error;
                case RuntimeException exception -> throw exception;
                default -> throw new CompletionException(cause);
            }
        }
    }

    /// Here is the edge of a thread: nothing that the call throws gets past it.
    static <T extends @Nullable Object> Outcome<T> of(Callable<? extends T> call) {
        try {
            return new Success<>(call.call());
        } catch (Throwable e) {
            return new Failure<>(e);
        }
    }
}
