package dev.heddle.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IfMatchTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {"\"7\"|7", "\"1\", \"7\"|1 7", "\"1\",\"7\"|1 7",
            " \"7\" |7", "\"007\"|7", "\"7\",garbage|7", "\"999999999999999999\"|999999999999999999"})
    void versionsAreNumbersInQuotes(String header, String versions) {
        var parsed = IfMatch.parse(header);

        assertEquals(List.of(versions.split(" ")), parsed.versions().stream().map(String::valueOf).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "\"7", "7\"", "\"\"", "\"a\"", "\"-7\"", "W/\"7\"", "\"7.0\"", "garbage", ",",
            "\"9999999999999999999\"", "\"٧\"", "\"*\"", "\"7\" \"8\""})
    void anythingElseMatchesNothing(String header) {
        assertEquals(new IfMatch(false, List.of()), IfMatch.parse(header));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", " * "})
    void aStarMatchesEveryVersion(String header) {
        assertTrue(IfMatch.parse(header).matches(Long.MAX_VALUE));
    }

    @Test
    void noHeaderMatchesEveryVersion() {
        assertTrue(IfMatch.any().matches(7));
    }
}
