package dev.heddle.items;

import java.util.List;
import java.util.Optional;

import dev.heddle.json.Constraints;
import dev.heddle.web.FieldError;

/// One line of an import, counted from 1: a thing to store, or what is wrong with it.
sealed interface Line {
    long number();

    record Good(long number, ItemBody body) implements Line {}

    record Bad(long number, String msg) implements Line {}

    /// A line that says `body`, of which `errors` are known already.
    static Line of(long number, ItemBody body, List<FieldError> errors) {
        Constraints.check(body, errors);
        return errors.isEmpty() ? new Good(number, body) : new Bad(number, FieldError.summary(errors, ""));
    }

    /// Where lines come from: the body of a request in one format or another. Used by one thread.
    interface Source {
        /// The next line that is not empty; nothing after the last. Waits for it to arrive.
        ///
        /// @throws dev.heddle.wire.BrokenRequest if the body is cut
        Optional<Line> next();
    }
}
