package dev.heddle.json;

import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import dev.heddle.web.FieldError;

import org.jspecify.annotations.Nullable;

/// What a caller is told that a value should have been, of a Java type that it could not become.
final class Wanted {
    private Wanted() {
    }

    /// That the value at `loc` is no `type`.
    static FieldError error(List<Object> loc, Class<?> type) {
        if (type == String.class) {
            return new FieldError(loc, "must be a string", "string_type");
        } else if (isWhole(type)) {
            return new FieldError(loc, "must be a whole number of the range wanted here", "int_type");
        } else if (Number.class.isAssignableFrom(type) || type == double.class) {
            return new FieldError(loc, "must be a number", "number_type");
        } else if (type == boolean.class || type == Boolean.class) {
            return new FieldError(loc, "must be true or false", "bool_type");
        } else if (Collection.class.isAssignableFrom(type)) {
            return new FieldError(loc, "must be a list", "list_type");
        } else if (type.isEnum()) {
            return new FieldError(loc, "must be one of " + names(type), "enum");
        } else if (Temporal.class.isAssignableFrom(type)) {
            return new FieldError(loc, "must be a time such as 2026-01-01T00:00:00Z", "datetime_type");
        }
        return new FieldError(loc, "must be an object", "object_type");
    }

    /// What stands in the place of a value that was refused, until the whole is thrown away.
    static @Nullable Object placeholder(Class<?> type) {
        if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        } else if (type == double.class) {
            return 0.0;
        } else if (type == boolean.class) {
            return false;
        }
        return null;
    }

    private static boolean isWhole(Class<?> type) {
        return type == int.class || type == Integer.class || type == long.class || type == Long.class;
    }

    private static String names(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(String::valueOf).collect(Collectors.joining(", "));
    }
}
