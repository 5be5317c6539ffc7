package dev.heddle.json;

import java.util.ArrayList;
import java.util.List;

import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;

/// Notes each value that cannot be bound and goes on with `null` in its place, so that one answer names all mistakes.
///
/// Jackson's own collecting reader (`readValueCollectingProblems`) drops the half-bound value, and with it the mistakes
/// that only [Constraints] would see.
final class ProblemCollector extends DeserializationProblemHandler {
    static final Object PROBLEMS = ProblemCollector.class;
    private static final int MOST_PROBLEMS = 100;

    @Override
    public boolean handleUnknownProperty(DeserializationContext context, JsonParser parser,
            ValueDeserializer<?> deserializer, Object beanOrClass, String name) {
        note(context, "is not known here", "extra_forbidden");
        parser.skipChildren();
        return true;
    }

    @Override
    public Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String value, String message) {
        if (type == String.class) {
            note(context, "must not hold \\u0000 or half of a surrogate pair", "string_unstorable");
        } else {
            note(context, "must be " + wanted(type), kind(type));
        }
        return empty(type);
    }

    @Override
    public Object handleWeirdNumberValue(DeserializationContext context, Class<?> type, Number value, String message) {
        note(context, "must be " + wanted(type), kind(type));
        return empty(type);
    }

    @Override
    public Object handleUnexpectedToken(DeserializationContext context, JavaType type, JsonToken token,
            JsonParser parser, String message) {
        note(context, "must be " + wanted(type.getRawClass()), kind(type.getRawClass()));
        parser.skipChildren();
        return empty(type.getRawClass());
    }

    @Override
    public Object handleNullForPrimitives(DeserializationContext context, Class<?> type, JsonParser parser,
            ValueDeserializer<?> deserializer, String message) {
        note(context, "must not be null", "missing");
        return empty(type);
    }

    /// What to tell of an exception that ended the binding: a mistake in the JSON, or one in a value that no handler saw.
    static Failure failure(JacksonException e, List<FieldError> problems) {
        if (!(e instanceof DatabindException)) {
            return Json.unreadable(e);
        }
        var all = new ArrayList<FieldError>(problems);
        var loc = new ArrayList<Object>();
        for (JacksonException.Reference step : e.getPath()) {
            loc.add(step.getPropertyName() == null ? (Object) step.getIndex() : step.getPropertyName());
        }
        all.add(new FieldError(loc, "cannot be read as what is wanted here", "value_error"));
        return Failure.invalid(all);
    }

    @SuppressWarnings("unchecked")
    private static void note(DeserializationContext context, String message, String type) {
        var problems = (List<FieldError>) context.getAttribute(PROBLEMS);
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new FieldError(location(context.getParser().streamReadContext()), message, type));
        }
    }

    private static List<Object> location(TokenStreamContext context) {
        var loc = new ArrayList<Object>();
        for (TokenStreamContext at = context; at != null && !at.inRoot(); at = at.getParent()) {
            if (at.hasCurrentName()) {
                loc.addFirst(at.currentName());
            } else if (at.inArray()) {
                loc.addFirst(at.getCurrentIndex());
            }
        }
        return loc;
    }

    private static String wanted(Class<?> type) {
        return switch (kind(type)) {
            case "string_type" -> "a string";
            case "int_type" -> "a whole number of the range wanted here";
            case "number_type" -> "a number";
            case "bool_type" -> "true or false";
            case "list_type" -> "a list";
            default -> "an object";
        };
    }

    private static String kind(Class<?> type) {
        if (type == String.class) {
            return "string_type";
        } else if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "int_type";
        } else if (Number.class.isAssignableFrom(type) || type == double.class) {
            return "number_type";
        } else if (type == boolean.class || type == Boolean.class) {
            return "bool_type";
        } else if (List.class.isAssignableFrom(type)) {
            return "list_type";
        }
        return "object_type";
    }

    private static Object empty(Class<?> type) {
        if (type == int.class) {
            return 0;
        } else if (type == long.class) {
            return 0L;
        } else if (type == boolean.class) {
            return false;
        }
        return null;
    }
}
