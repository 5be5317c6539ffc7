package dev.heddle.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import dev.heddle.events.EventReader.Received;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventTest {
    @Test
    void anEventIsWrittenInTheWordsOfTheStandard() {
        Event event = Event.data("a\nb").id(7).named("progress").retry(Duration.ofSeconds(2));

        assertEquals("id: 7\nevent: progress\nretry: 2000\ndata: a\ndata: b\n\n", event.written());
        assertEquals("data: 0\n\n", Event.data(0).written());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "  two blanks", "\n", "a\n", "\n\na", "data: x", ":", "id: 3\n\nevent: forged\n",
            "🧵 ≠ \u2028 \uFEFF", "{\"a\": 1}", "tab\tand \u0000"})
    void anyDataArriveAsTheyWere(String data) throws IOException {
        assertEquals(List.of(new Received("message", data, "", -1)), read(Event.data(data)));
    }

    @Test
    void everyKindOfLineEndArrivesAsALineFeed() throws IOException {
        assertEquals("a\nb\nc\n\nd\n", read(Event.data("a\rb\r\nc\n\rd\r")).getFirst().data());
    }

    @Test
    void whatGoesWithTheDataArrivesToo() throws IOException {
        assertEquals(List.of(new Received("done", "x", "a b~", 0)),
                read(Event.data("x").id("a b~").named("done").retry(Duration.ZERO)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\rb", "\u0000", "é", "\u007f"})
    void anIdOrANameThatWouldNotComeBackIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Event.data("x").id(text));
        assertThrows(IllegalArgumentException.class, () -> Event.data("x").named(text));
    }

    @Test
    void anIdHasAtMostTwoHundredCharactersAndARetryIsNotNegative() {
        assertThrows(IllegalArgumentException.class, () -> Event.data("x").id(" a"), "a header would lose the blank");
        assertEquals(200, Event.data("x").id("i".repeat(200)).id().length());
        assertThrows(IllegalArgumentException.class, () -> Event.data("x").id("i".repeat(201)));
        assertThrows(IllegalArgumentException.class, () -> Event.data("x").retry(Duration.ofMillis(-1)));
    }

    private static List<Received> read(Event event) throws IOException {
        return new EventReader(new ByteArrayInputStream(event.written().getBytes(StandardCharsets.UTF_8))).rest();
    }
}
