package dev.heddle.json;

import java.util.ArrayList;
import java.util.List;

import dev.heddle.web.FieldError;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JacksonException.Reference;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Notes each value that cannot be bound and goes on with `null` in its place, so that one answer names all mistakes.
///
/// Jackson's own collecting reader (`readValueCollectingProblems`) drops the half-bound value, and with it the mistakes
/// that only [Constraints] would see.
final class ProblemCollector extends DeserializationProblemHandler {
    private static final Object PROBLEMS = ProblemCollector.class;
    private static final int MOST_PROBLEMS = 100;

    @Override
    public boolean handleUnknownProperty(DeserializationContext context, JsonParser parser,
            ValueDeserializer<?> deserializer, Object beanOrClass, String name) {
        List<Object> loc = location(parser.streamReadContext());
        if (loc.isEmpty() || !loc.getLast().equals(name)) {
            loc.add(name);
        }
        note(context, new FieldError(loc, "is not known here", "extra_forbidden"));
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

    /// `plain`, made to add what it finds wrong to `problems`.
    static ObjectReader reader(ObjectReader plain, List<FieldError> problems) {
        return plain.withAttribute(PROBLEMS, problems);
    }

    /// Binds what can be bound of a body that a mistake kept from being bound: Jackson asks no handler about a coercion
    /// that is forbidden, it throws. So each value that makes it throw is noted and blanked, and the rest is tried again.
    static <T> @Nullable T bindRest(ObjectMapper mapper, JsonNode body, JavaType type, List<FieldError> problems) {
        var thrown = new ArrayList<FieldError>();
        while (thrown.size() < MOST_PROBLEMS) {
            problems.clear();
            problems.addAll(thrown);
            try {
                return reader(mapper.readerFor(type), problems).readValue(mapper.treeAsTokens(body));
            } catch (DatabindException | InputCoercionException e) {
                thrown.add(error(e));
                if (!blank(body, e.getPath())) {
                    break;
                }
            }
        }
        problems.clear();
        problems.addAll(thrown);
        return null;
    }

    private static FieldError error(JacksonException e) {
        var loc = new ArrayList<Object>();
        for (Reference step : e.getPath()) {
            loc.add(step.getPropertyName() == null ? (Object) step.getIndex() : step.getPropertyName());
        }
        Class<?> type = switch (e) {
            case MismatchedInputException mismatched when mismatched.getTargetType() != null ->
                mismatched.getTargetType();
            case InputCoercionException coercion -> coercion.getTargetType();
            default -> Object.class;
        };
        return new FieldError(loc, "must be " + wanted(type), kind(type));
    }

    private static boolean blank(JsonNode body, List<Reference> path) {
        JsonNode parent = body;
        for (Reference step : path.subList(0, Math.max(0, path.size() - 1))) {
            parent = step.getPropertyName() == null
                    ? parent.path(step.getIndex())
                    : parent.path(step.getPropertyName());
        }
        if (path.isEmpty() || parent.isMissingNode()) {
            return false;
        }
        Reference last = path.getLast();
        return switch (parent) {
            case ObjectNode object -> object.remove(last.getPropertyName()) != null;
            case ArrayNode array -> array.set(last.getIndex(), array.nullNode()) != null;
            default -> false;
        };
    }

    private static void note(DeserializationContext context, String message, String type) {
        note(context, new FieldError(location(context.getParser().streamReadContext()), message, type));
    }

    @SuppressWarnings("unchecked")
    private static void note(DeserializationContext context, FieldError problem) {
        var problems = (List<FieldError>) context.getAttribute(PROBLEMS);
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
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
