package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;

import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @Test
    void aPathIsItsSegments() {
        assertEquals(List.of(), Target.segments("/"));
        assertEquals(List.of("a"), Target.segments("/a"));
        assertEquals(List.of("a", ""), Target.segments("/a/"));
        assertEquals(List.of("a", "", "b"), Target.segments("/a//b"));
        assertEquals(List.of("", "a"), Target.segments("//a"));
        assertEquals(List.of("a b", "ä", "+", "a...b", "~"), Target.segments("/a%20b/%c3%A4/+/a...b/~"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "*", "http://a/b", "/%", "/%4", "/%4g", "/%%41", "/%-1", "/%+1", "/.", "/..",
            "/%2e", "/%2E%2e", "/a/../b", "/%2f", "/a%5Cb", "/%00", "/%1f", "/%7f", "/%c2%80", "/%ff", "/%c0%80",
            "/%ed%a0%80", "/%f5%80%80%80", "/%c3", "/ä", "/\uFFFD"})
    void aPathThatHidesSomethingIsUnreadable(String path) {
        assertEquals(Kind.UNREADABLE, assertThrows(Failure.class, () -> Target.segments(path)).kind());
    }

    @Test
    void aQueryIsItsValuesByName() {
        assertEquals(Map.of(), Target.query(""));
        assertEquals(Map.of("a", "1", "b", ""), Target.query("a=1&b"));
        assertEquals(Map.of("a", "2"), Target.query("a=1&a=2"));
        assertEquals(Map.of("a b", "c d+é"), Target.query("a+b=c%20d%2B%c3%a9"));
        assertEquals(Map.of("a", "b=c", "", "x"), Target.query("a=b=c&=x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%f", "a=%zz", "a=%ff", "%ff=a", "a=ä", "a=%c0%80"})
    void aQueryThatIsNotUtf8IsUnreadable(String query) {
        assertEquals(Kind.UNREADABLE, assertThrows(Failure.class, () -> Target.query(query)).kind());
    }
}
