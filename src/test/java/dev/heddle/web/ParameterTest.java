package dev.heddle.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterTest {
    private static final Parameter<Long> ID = Parameter.id("id", "Which.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, Parameter.from(1, 1_000), "Most.");
    private static final Parameter<Integer> SKIP = Parameter.count("skip", 0, Parameter.from(0, Integer.MAX_VALUE),
            "How many to leave out.");

    @ParameterizedTest
    @CsvSource({"1,1", "2147483647,2147483647", "2147483648,2147483648", "9223372036854775807,9223372036854775807",
            "007,7"})
    void anIdIsAWholeNumberAboveZero(String text, long id) {
        assertEquals(id, ID.read(text, new ArrayList<>()));
    }

    @ParameterizedTest
    @CsvSource({"0,out_of_range", "-1,out_of_range", "-9223372036854775808,out_of_range",
            "9223372036854775808,out_of_range", "99999999999999999999999,out_of_range", "abc,int_parsing",
            "+1,int_parsing", "1.0,int_parsing", "1e3,int_parsing", "'',int_parsing", "' 1',int_parsing",
            "-,int_parsing", "--1,int_parsing", "0x1,int_parsing", "1_000,int_parsing", "١,int_parsing",
            "１,int_parsing"})
    void whatIsNoIdIsRefused(String text, String type) {
        assertEquals(type, refusal(ID, text).type());
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1000,1000", "0020,20"})
    void aCountHoldsItsBounds(String text, int count) {
        assertEquals(count, LIMIT.read(text, new ArrayList<>()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "1001", "1000000000", "2147483648", "4294967297"})
    void onePastABoundIsRefused(String text) {
        assertEquals(new FieldError(List.of("query", "limit"), "must be from 1 to 1000", "out_of_range"),
                refusal(LIMIT, text));
    }

    @Test
    void aCountThatIsNoIntIsRefusedRatherThanCut() {
        assertEquals(Integer.MAX_VALUE, SKIP.read("2147483647", new ArrayList<>()));
        assertEquals("out_of_range", refusal(SKIP, "2147483648").type());
    }

    @Test
    void anAbsentValueIsItsFallbackOrRefused() {
        assertEquals(20, LIMIT.read(null, new ArrayList<>()));
        assertEquals("missing", refusal(ID, null).type());
        assertEquals(Optional.empty(), Parameter.optionalText("q", 5, "Text.").read(null, new ArrayList<>()));
        assertEquals("missing", refusal(Parameter.text("q", 5, "Text."), null).type());
    }

    @Test
    void aTextHoldsItsBounds() {
        Parameter<String> text = Parameter.text("q", 5, "Text.");

        assertEquals("12345", text.read("12345", new ArrayList<>()));
        assertEquals("length", refusal(text, "123456").type());
        assertEquals("length", refusal(text, "").type());
        assertEquals(Optional.of(""), Parameter.optionalText("q", 5, "Text.").read("", new ArrayList<>()));
        assertEquals("length", refusal(Parameter.optionalText("q", 5, "Text."), "123456").type());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\u0000b", "\ud800", "\udc00", "\udc00\ud800", "\ud800a"})
    void aTextThatCannotBeStoredIsRefused(String text) {
        assertEquals("string_unstorable", refusal(Parameter.text("q", 5, "Text."), text).type());
        assertEquals("string_unstorable", refusal(Parameter.segment("name", 5, "Name."), text).type());
    }

    @Test
    void anErrorSaysWhereTheValueStands() {
        assertEquals(List.of("path", "id"), refusal(ID, "abc").loc());
        assertEquals(List.of("header", "X-Timeout-Ms"),
                refusal(Parameter.optionalHeader("X-Timeout-Ms", Parameter.from(1, 2), "Time."), "3").loc());
    }

    @Test
    void aValueThatIsNotDeclaredCannotBeRead() {
        Route route = Route.get("/things/{id}", "Read.").with(ID).handledBy(_ -> "");
        var request = new Request(route, List.of(7L), new Request.Parts(null, _ -> Optional.empty(), null, () -> ""));

        assertEquals(7, request.value(ID));
        assertThrows(IllegalArgumentException.class, () -> request.value(LIMIT));
    }

    private static FieldError refusal(Parameter<?> parameter, @Nullable String text) {
        var errors = new ArrayList<FieldError>();
        assertNull(parameter.read(text, errors));
        assertEquals(1, errors.size());
        return errors.getFirst();
    }
}
