package dev.heddle.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.databind.type.LogicalType;

/// JSON as Heddle speaks it: snake_case, exact, and strict about what it reads (RFC 8259).
///
/// Refused as unreadable: bytes that are not UTF-8, a byte order mark, duplicate keys, text after the end, nesting over
/// 64 levels, numbers of over 1,000 digits. Refused as invalid, all at once: unknown fields, wrong types, `\u0000` and
/// lone surrogates in strings, and whatever the constraints of the type forbid. Nothing is coerced: `"7"` is no number.
public final class Json {
    static final int MOST_DEPTH = 64;
    private static final int MOST_DIGITS = 1_000;
    private static final int MOST_TRIES = 100;
    private static final int MOST_REREAD_CHARS = 32 * 1024 * 1024;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final JsonMapper MAPPER = JsonMapper
            .builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MOST_DEPTH)
                            .maxNumberLength(MOST_DIGITS).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .withCoercionConfig(LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .withCoercionConfigDefaults(
                    config -> config.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail)
                            .setAcceptBlankAsEmpty(false))
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new StorableModule())
            .addHandler(new ProblemCollector())
            .build();

    private static final ObjectWriter WRITER = MAPPER.writer();

    private Json() {
    }

    /// `value` as UTF-8 bytes of JSON.
    public static byte[] write(Object value) {
        return WRITER.writeValueAsBytes(value);
    }

    /// The tree of the object that `body` holds.
    ///
    /// @throws Failure if it is unreadable, or no object
    public static ObjectNode bindTree(byte[] body) {
        if (tree(utf8(body)) instanceof ObjectNode object) {
            return object;
        }
        throw Failure.invalid(Wanted.error(List.of(), Object.class));
    }

    /// The tree of any value that `body` holds, of which nothing is of a type that could not be stored.
    ///
    /// @throws Failure if it is unreadable, or invalid: see [StorableModule]
    public static JsonNode bindAny(byte[] body) {
        JsonNode tree = tree(utf8(body));
        var problems = new ArrayList<FieldError>();
        Storable.check(tree, problems);
        if (!problems.isEmpty()) {
            throw Failure.invalid(problems);
        }
        return tree;
    }

    /// The tree of any object that `body` holds; fails as [#bindAny] does, or if it is no object.
    public static ObjectNode bindObject(byte[] body) {
        if (bindAny(body) instanceof ObjectNode object) {
            return object;
        }
        throw Failure.invalid(Wanted.error(List.of(), Object.class));
    }

    /// The text that `body` is.
    ///
    /// @throws Failure if it is not UTF-8, or holds what could not be stored
    public static JsonNode text(byte[] body) {
        JsonNode text = StringNode.valueOf(utf8(body));
        var problems = new ArrayList<FieldError>();
        Storable.check(text, problems);
        if (!problems.isEmpty()) {
            throw Failure.invalid(problems);
        }
        return text;
    }

    /// `value` with the fields that `patch` names changed as it says (RFC 7396), checked by [Constraints]. A null stands
    /// for a field taken away, which a field that must be there cannot be.
    ///
    /// @throws Failure if the outcome is invalid, with all that is wrong
    public static <T> T patched(Object value, ObjectNode patch, Class<T> type) {
        var tree = (ObjectNode) MAPPER.valueToTree(value);
        tree.setAll(patch);
        var problems = new ArrayList<FieldError>();
        @Nullable
        T patched = ProblemCollector.bindRest(MAPPER, tree, MAPPER.constructType(type), MOST_TRIES, problems);
        return checked(patched, problems);
    }

    /// The value of `type` that `body` holds, checked by [Constraints].
    ///
    /// @throws Failure if it is unreadable, or invalid with all that is wrong; locations are relative to the body
    public static <T> T bind(byte[] body, Class<T> type) {
        return bind(utf8(body), MAPPER.constructType(type));
    }

    /// The value of `type` (and of these type parameters) that we wrote ourselves; [Constraints] do not matter to it.
    ///
    /// @throws RuntimeException if `written` is not what [#write] makes of such a value
    public static <T> T readBack(byte[] written, Class<? super T> type, Class<?>... parameters) {
        JavaType whole = parameters.length == 0
                ? MAPPER.constructType(type)
                : MAPPER.getTypeFactory().constructParametricType(type, parameters);
        var problems = new ArrayList<FieldError>();
        @Nullable
        T value = ProblemCollector.reader(MAPPER.readerFor(whole), problems).readValue(written);
        if (value == null || !problems.isEmpty()) {
            throw new IllegalArgumentException("not what was written: " + FieldError.summary(problems, "null"));
        }
        return value;
    }

    /// The list of `element` that `body` holds, checked by [Constraints].
    ///
    /// @throws Failure as [#bind(byte\[\], Class)] does
    public static <T> List<T> bindList(byte[] body, Class<T> element) {
        return bind(utf8(body), MAPPER.getTypeFactory().constructCollectionType(List.class, element));
    }

    private static <T> T bind(String text, JavaType type) {
        var problems = new ArrayList<FieldError>();
        @Nullable
        T value;
        try {
            value = ProblemCollector.reader(MAPPER.readerFor(type), problems).readValue(text);
        } catch (DatabindException | InputCoercionException _) {
            // A large body with many mistakes must not keep a core busy for seconds.
            int tries = Math.clamp(MOST_REREAD_CHARS / Math.max(1, text.length()), 1, MOST_TRIES);
            value = ProblemCollector.bindRest(MAPPER, tree(text), type, tries, problems);
        } catch (JacksonException e) {
            throw unreadable(e);
        }
        return checked(value, problems);
    }

    private static <T> T checked(@Nullable T value, List<FieldError> problems) {
        if (value != null) {
            Constraints.check(value, problems);
        } else if (problems.isEmpty()) {
            problems.add(new FieldError(List.of(), "must not be null", "missing"));
        }
        if (!problems.isEmpty()) {
            throw Failure.invalid(problems);
        }
        return value;
    }

    /// Jackson says of a text after the end, and of no text at all, that it cannot be bound, rather than that it cannot be
    /// read.
    private static JsonNode tree(String text) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            if (tree.isMissingNode()) {
                throw Failure.unreadable("the body is empty");
            }
            return tree;
        } catch (JacksonException e) {
            throw unreadable(e);
        }
    }

    private static Failure unreadable(JacksonException e) {
        var location = e.getLocation();
        String where = location == null ? "" : ", line " + location.getLineNr() + " column " + location.getColumnNr();
        return Failure.unreadable("the body is not the JSON that is read here" + where);
    }

    /// Jackson reads overlong forms and encoded surrogates as text; the platform's decoder refuses them (RFC 3629, 3).
    private static String utf8(byte[] body) {
        if (body.length >= 3 && ByteBuffer.wrap(body, 0, 3).equals(ByteBuffer.wrap(BYTE_ORDER_MARK))) {
            throw Failure.unreadable("the body begins with a byte order mark");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException _) {
            throw Failure.unreadable("the body is not UTF-8");
        }
    }
}
