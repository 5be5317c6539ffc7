package dev.heddle.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;

import dev.heddle.gates.Unavailable;

import org.junit.jupiter.api.Test;

class CircuitTest {
    private static final Duration INSTANT = Duration.ofNanos(1);

    private Instant now = Instant.EPOCH;
    private final Circuit circuit = new Circuit("the fake", () -> now);

    @Test
    void opensWhenHalfOfTheLastTwentyFailed() {
        calls(10, true);
        calls(9, false);
        assertFalse(circuit.isOpen());

        calls(1, false);

        assertTrue(circuit.isOpen());
        assertThrows(Unavailable.class, circuit::check);
        assertThrows(Unavailable.class, circuit::admit);
    }

    @Test
    void staysClosedWhileMoreThanHalfWork() {
        for (int i = 0; i < 100; i++) {
            calls(11, true);
            calls(9, false);
        }

        assertFalse(circuit.isOpen());
    }

    @Test
    void saysWhenToComeBack() {
        calls(20, false);
        now = now.plusSeconds(2);

        assertEquals(Duration.ofSeconds(3), assertThrows(Unavailable.class, circuit::check).retryAfter());
    }

    @Test
    void letsOneThroughToLookAndClosesIfItWorks() {
        calls(20, false);
        now = now.plus(Circuit.PAUSE);
        circuit.check();

        try (Circuit.Pass look = circuit.admit()) {
            assertThrows(Unavailable.class, circuit::admit);
            look.worked();
        }

        assertFalse(circuit.isOpen());
        calls(20, true);
    }

    @Test
    void staysOpenIfTheLookFails() {
        calls(20, false);
        now = now.plus(Circuit.PAUSE);

        try (Circuit.Pass look = circuit.admit()) {
            look.failed();
        }

        now = now.plus(Circuit.PAUSE).minus(INSTANT);
        assertThrows(Unavailable.class, circuit::admit);
        now = now.plus(INSTANT);
        circuit.admit().close();
    }

    @Test
    void aLookThatTellsNothingLeavesItToTheNext() {
        calls(20, false);
        now = now.plus(Circuit.PAUSE);

        circuit.admit().close();

        assertTrue(circuit.isOpen());
        try (Circuit.Pass look = circuit.admit()) {
            look.worked();
        }
        assertFalse(circuit.isOpen());
    }

    @Test
    void callsOfBeforeTheOpeningChangeNothing() {
        Circuit.Pass early = circuit.admit();
        calls(20, false);

        early.worked();

        assertTrue(circuit.isOpen());
    }

    @Test
    void callsThatTellNothingDoNotCount() {
        for (int i = 0; i < 100; i++) {
            circuit.admit().close();
        }
        calls(19, false);

        assertFalse(circuit.isOpen());
    }

    private void calls(int number, boolean work) {
        for (int i = 0; i < number; i++) {
            try (Circuit.Pass pass = circuit.admit()) {
                if (work) {
                    pass.worked();
                } else {
                    pass.failed();
                }
            }
        }
    }
}
