package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

class PartsTest {
    private final Parts parts = new Parts();
    private final List<String> stopped = new ArrayList<>();

    @Test
    void whatWasStartedLastIsStoppedFirst() {
        keep("database");
        keep("server");

        parts.close();

        assertEquals(List.of("server", "database"), stopped);
    }

    @Test
    void closingTwiceStopsOnce() {
        keep("database");

        parts.close();
        parts.close();

        assertEquals(List.of("database"), stopped);
    }

    @Test
    void aPartThatCannotBeStoppedDoesNotSpareTheOthers() {
        keep("database");
        var first = new IllegalStateException("first");
        var second = new IllegalStateException("second");
        parts.keep(failing(second));
        keep("server");
        parts.keep(failing(first));

        IllegalStateException told = assertThrows(IllegalStateException.class, parts::close);

        assertEquals(List.of("server", "database"), stopped);
        assertSame(first, told.getCause());
        assertSame(second, told.getSuppressed()[0]);
    }

    @Test
    void whyAStartFailedIsNotHiddenByWhatCannotBeStopped() {
        keep("database");
        parts.keep(failing(new IllegalStateException("stuck")));
        var failure = new IllegalArgumentException("why");

        parts.closeAfter(failure);

        assertEquals(List.of("database"), stopped);
        assertEquals("stuck", failure.getSuppressed()[0].getCause().getMessage());
    }

    private void keep(String name) {
        parts.keep(() -> stopped.add(name));
    }

    private static AutoCloseable failing(RuntimeException failure) {
        return () -> {
            throw failure;
        };
    }
}
