package dev.heddle.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class JsonTest {
    /// One field of each type that bodies have.
    @Valid
    public record Thing(
            @NotBlank @Size(max = 20) String name,
            @Min(0) @Max(150) @Nullable Integer age,
            int count,
            @Nullable Long big,
            @Nullable BigDecimal price,
            boolean isGood,
            @Nullable Boolean maybe,
            @Nullable List<String> tags,
            @Valid @Nullable Part part,
            @Valid @Nullable List<Part> parts,
            @Nullable Colour colour,
            @Nullable Instant at,
            @Nullable Map<String, Integer> counts) {}

    /// A thing within a thing.
    @Valid
    public record Part(@NotNull String name) {}

    /// A closed choice.
    public enum Colour {
        RED, GREEN
    }

    private static final String GOOD = "\"name\": \"a\", \"count\": 1, \"is_good\": true";

    static List<String> unreadable() {
        return List.of("", " ", "{", "[", "{\"name\"", "{\"name\":", "{\"name\": \"a\"", "{\"name\": \"a", "{]", "}",
                "{" + GOOD + ",}", "{,}", "{" + GOOD + "} x", "{" + GOOD + "}{}", "{" + GOOD + "},", "nul", "tru",
                "{" + GOOD + ", \"name\": \"b\"}", "{\"zip\": 1, \"zip\": 2}", "{'name': 'a'}", "{name: 1}",
                "{\"count\": 01}", "{\"count\": +1}", "{\"count\": 1.}", "{\"count\": .5}", "{\"count\": 1e}",
                "{\"count\": 0x1}", "{\"count\": NaN}", "{\"count\": Infinity}", "{\"count\": -Infinity}",
                "{\"count\": -}", "{\"name\": \"a\tb\"}", "{\"name\": \"a\nb\"}", "{\"name\": \"\\x\"}",
                "{\"name\": \"\\u12\"}", "{/**/}", "{} // end", "# a\n{}", "[".repeat(100_000),
                "{\"a\":".repeat(100_000), "[".repeat(65) + "]".repeat(65),
                "{\"part\": " + "[".repeat(64) + "]".repeat(64) + "}", "{\"big\": " + "9".repeat(1_001) + "}",
                "\u0000", "{\"" + "x".repeat(60_000) + "\": 1}", "{\"parts\": [{\"name\": \"a\", \"name\": \"b\"}]}");
    }

    @ParameterizedTest
    @MethodSource
    void unreadable(String text) {
        byte[] body = utf8(text);

        assertEquals(Kind.UNREADABLE, failure(body).kind(), text);
        assertEquals(Kind.UNREADABLE, assertThrows(Failure.class, () -> Json.bindTree(body)).kind(), text);
        assertEquals(Kind.UNREADABLE, assertThrows(Failure.class, () -> Json.bindList(body, Part.class)).kind());
    }

    static List<byte[]> notUtf8() {
        return List.of(bytes(0xEF, 0xBB, 0xBF, '{', '}'), bytes('{', '"', 0xC0, 0xAF, '"', ':', '1', '}'),
                bytes('"', 0xED, 0xA0, 0x80, '"'), bytes('"', 0xFF, '"'), bytes('"', 0xC3, '"'),
                bytes('"', 0xF5, 0x80, 0x80, 0x80, '"'), bytes(0xFE, 0xFF, 0, '{', 0, '}'), bytes(0xFF, 0xFE, '{', 0),
                bytes('"', 0xE0, 0x80, 0xAF, '"'), "{\"name\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1),
                "{}".getBytes(StandardCharsets.UTF_16LE), "{}".getBytes(StandardCharsets.UTF_16BE));
    }

    @ParameterizedTest
    @MethodSource("notUtf8")
    void bytesThatAreNotUtf8AreUnreadable(byte[] body) {
        assertEquals(Kind.UNREADABLE, failure(body).kind());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "name|1|string_type", "name|true|string_type", "name|1.5|string_type", "name|[]|string_type",
            "name|[\"a\"]|string_type", "name|{}|string_type", "name|null|blank", "name|\"\"|blank",
            "name|\"\\u0000\"|string_unstorable", "name|\"\\ud800\"|string_unstorable",
            "name|\"\\udc00\\ud800\"|string_unstorable", "name|\"012345678901234567890\"|length",
            "age|\"1\"|int_type", "age|1.0|int_type", "age|1.5|int_type", "age|1e2|int_type", "age|true|int_type",
            "age|\"\"|int_type", "age|[]|int_type", "age|[1]|int_type", "age|{}|int_type",
            "age|2147483648|int_type", "age|-2147483649|int_type", "age|151|less_than_equal",
            "age|-1|greater_than_equal", "age|1e400|int_type", "age|\" \"|int_type", "age|\"null\"|int_type",
            "count|\"1\"|int_type", "count|1.0|int_type", "count|null|missing", "count|true|int_type",
            "count|\"\"|int_type", "count|[1]|int_type", "count|{}|int_type", "count|4294967297|int_type",
            "count|99999999999999999999|int_type",
            "big|\"1\"|int_type", "big|1.0|int_type", "big|9223372036854775808|int_type",
            "big|-9223372036854775809|int_type", "big|true|int_type", "big|1e3|int_type", "big|[]|int_type",
            "price|\"1\"|number_type", "price|true|number_type", "price|[]|number_type", "price|{}|number_type",
            "price|\"\"|number_type", "price|[1]|number_type", "price|\"NaN\"|number_type",
            "is_good|\"true\"|bool_type", "is_good|1|bool_type", "is_good|0|bool_type", "is_good|null|missing",
            "is_good|\"\"|bool_type", "is_good|[true]|bool_type", "is_good|{}|bool_type",
            "maybe|\"true\"|bool_type", "maybe|1|bool_type", "maybe|\"\"|bool_type", "maybe|[]|bool_type",
            "maybe|1.0|bool_type",
            "tags|\"a\"|list_type", "tags|{}|list_type", "tags|1|list_type", "tags|\"\"|list_type",
            "part|\"\"|object_type", "part|\"a\"|object_type", "part|1|object_type", "part|[]|object_type",
            "part|[{\"name\": \"a\"}]|object_type", "part|true|object_type",
            "parts|{}|list_type", "parts|{\"name\": \"a\"}|list_type", "parts|\"\"|list_type",
            "colour|\"BLUE\"|enum", "colour|0|enum", "colour|\"\"|enum", "colour|\"red\"|enum", "colour|[]|enum",
            "colour|{}|enum", "colour|true|enum",
            "at|\"\"|datetime_type", "at|\"yesterday\"|datetime_type", "at|[]|datetime_type",
            "counts|[]|object_type", "counts|\"\"|object_type", "counts|1|object_type",
            "zip|1|extra_forbidden", "zip|[{}, [1]]|extra_forbidden", "isGood|true|extra_forbidden"})
    void aValueOfTheWrongKindIsRefusedWhereItStands(String field, String value, String type) {
        String others = GOOD.replaceAll("\"" + field + "\": [^,]*,? ?", "").replaceAll(", $", "");
        Failure failure = failure("{\"" + field + "\": " + value + (others.isEmpty() ? "" : ", " + others) + "}");

        assertEquals(List.of(field + " " + type), places(failure));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "tags|[1]|tags.0 string_type", "tags|[\"a\", null, []]|tags.2 string_type",
            "tags|[\"\\u0000\"]|tags.0 string_unstorable", "parts|[{}]|parts.0.name missing",
            "parts|[{\"name\": 1}]|parts.0.name string_type", "parts|[1]|parts.0 object_type",
            "parts|[{\"name\": \"a\"}, {\"name\": \"a\", \"x\": 1}]|parts.1.x extra_forbidden",
            "part|{}|part.name missing", "part|{\"name\": []}|part.name string_type",
            "counts|{\"a\": \"1\"}|counts.a int_type", "counts|{\"a\": 1.0}|counts.a int_type"})
    void aWrongValueWithinAnotherIsNamedByItsWholePath(String field, String value, String place) {
        assertEquals(List.of(place), places(failure("{" + GOOD + ", \"" + field + "\": " + value + "}")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "1", "\"a\"", "true", "[{}]", "\"\"", "1.5"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        assertEquals(Kind.INVALID, failure(body).kind());
        assertEquals(Kind.INVALID, assertThrows(Failure.class, () -> Json.bindTree(utf8(body))).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "1", "\"a\"", "\"\"", "true"})
    void aBodyThatIsNoListIsRefused(String body) {
        assertEquals(Kind.INVALID, assertThrows(Failure.class, () -> Json.bindList(utf8(body), Part.class)).kind());
    }

    @Test
    void anEmptyListIsRead() {
        assertEquals(List.of(), Json.bindList(utf8("[]"), Part.class));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
            "[null]|0 missing", "[1]|0 object_type", "[{\"name\": \"a\"}, null]|1 missing",
            "[{}, {\"name\": 1}]|0.name missing;1.name string_type", "[[]]|0 object_type",
            "[\"a\", {\"name\": \"a\"}, 2]|0 object_type;2 object_type", "[null, 1]|0 missing;1 object_type"})
    void elementsThatAreWrongAreCounted(String body, String places) {
        Failure failure = assertThrows(Failure.class, () -> Json.bindList(utf8(body), Part.class));

        assertEquals(List.of(places.split(";")), places(failure));
    }

    @Test
    void allMistakesAreNamedAtOnce() {
        Failure failure = failure("""
                {"name": "", "age": "36", "count": null, "big": 1.0, "price": "x", "maybe": 1, "tags": [1, "a", 2],
                 "part": {"name": 7, "zip": 1}, "parts": [{}, {"name": "a"}, 3], "colour": "BLUE", "zip": {"a": [1]}}
                """);

        assertEquals(List.of("age int_type", "big int_type", "colour enum", "count missing", "maybe bool_type",
                "name blank", "part.name string_type", "part.zip extra_forbidden",
                "parts.0.name missing", "parts.2 object_type", "price number_type", "tags.0 string_type",
                "tags.2 string_type", "zip extra_forbidden"), places(failure));
    }

    @Test
    void atMost100MistakesAreNamed() {
        String elements = "[" + "{\"name\": 1, \"zip\": 1},".repeat(9_999) + "{}]";

        Failure failure = assertThrows(Failure.class, () -> Json.bindList(utf8(elements), Part.class));

        assertEquals(100, failure.errors().size());
    }

    @Test
    void tenThousandElementsAreRead() {
        String elements = "[" + "{\"name\": \"a\"},".repeat(9_999) + "{\"name\": \"b\"}]";

        assertEquals(10_000, Json.bindList(utf8(elements), Part.class).size());
    }

    @Test
    void everyTypeIsRead() {
        Thing thing = Json.bind(utf8("""
                {"name": "ä🧶\\u00e4", "age": 36, "count": -2147483648, "big": 9223372036854775807, "price": 1e2,
                 "is_good": true, "maybe": null, "tags": ["a", ""], "part": {"name": ""}, "parts": [{"name": "a"}],
                 "colour": "RED", "at": "2026-01-01T00:00:00Z", "counts": {"a": 1}}
                """), Thing.class);

        assertEquals("ä🧶ä", thing.name());
        assertEquals(Long.MAX_VALUE, thing.big());
        assertEquals(0, new BigDecimal(100).compareTo(thing.price()));
        assertEquals(Colour.RED, thing.colour());
        assertEquals(Instant.parse("2026-01-01T00:00:00Z"), thing.at());
    }

    @Test
    void nestingOf64LevelsIsRead() {
        String deep = "{\"a\": " + "[".repeat(63) + "]".repeat(63) + "}";

        assertEquals(1, Json.bindTree(utf8(deep)).size());
    }

    @Test
    void numbersAreWrittenPlain() {
        var numbers = List.of(new BigDecimal("1E+3"), new BigDecimal("0.0000000001"), new BigDecimal("12.50"),
                Long.MAX_VALUE, new BigDecimal("1e2").setScale(2));

        assertEquals("[1000,0.0000000001,12.50,9223372036854775807,100.00]",
                new String(Json.write(numbers), StandardCharsets.UTF_8));
    }

    @Test
    void namesAreInSnakeCaseAndTimesAreText() {
        assertEquals("{\"created_at\":\"2026-01-01T00:00:00Z\"}",
                new String(Json.write(new Made(Instant.parse("2026-01-01T00:00:00Z"))), StandardCharsets.UTF_8));
    }

    /// Something with a time.
    record Made(Instant createdAt) {}

    @Test
    void aFailureTellsNothingOfTheBodyNorOfOurClasses() {
        for (String body : List.of("{\"secret", "{\"count\": \"secret\"}", "[\"secret\"]", "{\"at\": \"secret\"}")) {
            Failure failure = failure(body);

            String told = failure.getMessage() + failure.errors();
            assertFalse(told.contains("secret") || told.contains("heddle") || told.contains("java"), told);
        }
    }

    @Test
    void aPatchChangesWhatItNames() {
        var part = new Part("a");

        assertEquals(new Part("b"), Json.patched(part, Json.bindTree(utf8("{\"name\": \"b\"}")), Part.class));
        assertEquals(part, Json.patched(part, Json.bindTree(utf8("{}")), Part.class));
        assertEquals(List.of("name missing"), places(assertThrows(Failure.class,
                () -> Json.patched(part, Json.bindTree(utf8("{\"name\": null}")), Part.class))));
        assertEquals(List.of("zip extra_forbidden"), places(assertThrows(Failure.class,
                () -> Json.patched(part, Json.bindTree(utf8("{\"zip\": null}")), Part.class))));
    }

    private static Failure failure(String body) {
        return failure(utf8(body));
    }

    private static Failure failure(byte[] body) {
        return assertThrows(Failure.class, () -> Json.bind(body, Thing.class));
    }

    /// Each error as `place type`, sorted.
    private static List<String> places(Failure failure) {
        return failure.errors().stream()
                .map(error -> String.join(".", error.loc().stream().map(String::valueOf).toList()) + " " + error.type())
                .sorted().toList();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] bytes(int... bytes) {
        var array = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            array[i] = (byte) bytes[i];
        }
        return array;
    }

    @Test
    void aLargeListFullOfMistakesIsRefusedSoon() {
        String mistakes = "[" + "{\"name\":7,\"age\":\"x\"},".repeat(200_000) + "1]";

        assertTimeout(Duration.ofSeconds(5), () -> assertThrows(Failure.class,
                () -> Json.bindList(mistakes.getBytes(StandardCharsets.UTF_8), Thing.class)));
    }
}
