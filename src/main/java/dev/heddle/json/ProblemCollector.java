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
        note(context, new FieldError(unknownLocation(context.getParser(), name), "is not known here",
                "extra_forbidden"));
        parser.skipChildren();
        return true;
    }

    @Override
    public @Nullable Object handleWeirdStringValue(DeserializationContext context, Class<?> type, String value,
            String message) {
        List<Object> loc = location(context.getParser());
        note(context, type == String.class
                ? new FieldError(loc, "must not hold \\u0000 or half of a surrogate pair", "string_unstorable")
                : Wanted.error(loc, type));
        return Wanted.placeholder(type);
    }

    @Override
    public @Nullable Object handleWeirdNumberValue(DeserializationContext context, Class<?> type, Number value,
            String message) {
        note(context, Wanted.error(location(context.getParser()), type));
        return Wanted.placeholder(type);
    }

    @Override
    public @Nullable Object handleUnexpectedToken(DeserializationContext context, JavaType type, JsonToken token,
            JsonParser parser, String message) {
        note(context, Wanted.error(location(parser), type.getRawClass()));
        parser.skipChildren();
        return Wanted.placeholder(type.getRawClass());
    }

    @Override
    public @Nullable Object handleNullForPrimitives(DeserializationContext context, Class<?> type, JsonParser parser,
            ValueDeserializer<?> deserializer, String message) {
        note(context, new FieldError(location(parser), "must not be null", "missing"));
        return Wanted.placeholder(type);
    }

    /// `plain`, made to add what it finds wrong to `problems`.
    static ObjectReader reader(ObjectReader plain, List<FieldError> problems) {
        return plain.withAttribute(PROBLEMS, problems);
    }

    /// Binds what can be bound of a body that a mistake kept from being bound: Jackson asks no handler about a coercion
    /// that is forbidden, it throws. So each value that makes it throw is noted and blanked, and the rest is tried again: at
    /// most `mostTries` times, because each try costs as much as the whole body.
    static <T> @Nullable T bindRest(ObjectMapper mapper, JsonNode body, JavaType type, int mostTries,
            List<FieldError> problems) {
        var thrown = new ArrayList<FieldError>();
        while (thrown.size() < mostTries) {
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
        return Wanted.error(loc, type);
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

    @SuppressWarnings("unchecked")
    private static void note(DeserializationContext context, FieldError problem) {
        var problems = (List<FieldError>) context.getAttribute(PROBLEMS);
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(problem);
        }
    }

    /// Where the value that `parser` stands at is; at the beginning of a list or an object, that itself.
    private static List<Object> location(JsonParser parser) {
        boolean isWithin = parser.currentToken() == JsonToken.START_ARRAY
                || parser.currentToken() == JsonToken.START_OBJECT;
        TokenStreamContext context = parser.streamReadContext();
        return location(isWithin ? context.getParent() : context);
    }

    /// Where the unknown field `name` of the object that `parser` is in, or has just left, stands. Jackson keeps unknown
    /// fields of a record until it has the known ones, so the parser stands at one of these, or at the end.
    private static List<Object> unknownLocation(JsonParser parser, String name) {
        List<Object> loc = location(parser);
        if (parser.currentToken() != JsonToken.END_OBJECT && !loc.isEmpty()) {
            loc.removeLast();
        }
        loc.add(name);
        return loc;
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
}
