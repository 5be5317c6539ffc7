package dev.heddle.pages;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/// Some elements of a longer list, and the cursor that asks for those after them; the cursor is null on the last page.
public record Page<T>(List<T> items, @Nullable String nextCursor, boolean hasMore) {
    public Page {
        items = List.copyOf(items);
    }

    /// The first `limit` of `found`, which was asked for one more than that, so that it shows whether there are more.
    public static <T> Page<T> of(List<T> found, int limit, ToLongFunction<T> id, Cursors.Scope scope) {
        return of(found, limit, last -> scope.after(id.applyAsLong(last)));
    }

    /// The same, for elements after whose last one the list goes on with the cursor that `after` makes of it.
    public static <T> Page<T> of(List<T> found, int limit, Function<T, String> after) {
        boolean hasMore = found.size() > limit;
        List<T> items = hasMore ? found.subList(0, limit) : found;
        Optional<String> next = hasMore ? Optional.of(after.apply(items.getLast())) : Optional.empty();
        return new Page<>(items, next.orElse(null), hasMore);
    }
}
