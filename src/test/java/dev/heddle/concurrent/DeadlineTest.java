package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration TEN_YEARS = Duration.ofDays(3650);

    @Test
    void isTenYearsAheadWhereNoneWasSet() {
        Duration left = Deadline.current().timeLeft();

        assertTrue(left.compareTo(TEN_YEARS.minusHours(1)) > 0 && left.compareTo(TEN_YEARS) <= 0, left::toString);
    }

    @Test
    void hasTimeLeftUntilItPasses() {
        Deadline deadline = Deadline.in(Duration.ofHours(1));

        assertTrue(deadline.timeLeft().compareTo(Duration.ofMinutes(59)) > 0);
        assertTrue(deadline.timeLeft().compareTo(Duration.ofHours(1)) <= 0);
        assertFalse(deadline.isPassed());
        assertDoesNotThrow(deadline::check);
    }

    @Test
    void hasPassedWithNoTimeLeftAndNeverLess() {
        for (Duration past : new Duration[]{Duration.ZERO, Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE)}) {
            Deadline deadline = Deadline.in(past);

            assertEquals(0, deadline.nanosLeft());
            assertTrue(deadline.isPassed());
            assertThrows(DeadlinePassed.class, deadline::check);
        }
    }

    @Test
    void countsWhatIsOverTenYearsAsTenYears() {
        for (Duration far : new Duration[]{TEN_YEARS.plusNanos(1), Duration.ofSeconds(Long.MAX_VALUE)}) {
            assertTrue(Deadline.in(far).timeLeft().compareTo(TEN_YEARS) <= 0);
            assertFalse(Deadline.in(far).isPassed());
        }
    }

    @Test
    void isTheCurrentOneOfTheWorkItRuns() {
        Deadline hour = Deadline.in(Duration.ofHours(1));
        var seen = new AtomicReference<Deadline>();

        hour.run(() -> seen.set(Deadline.current()));

        assertEquals(hour, seen.get());
        assertEquals(hour, hour.call(Deadline::current));
    }

    @Test
    void anInnerOneCanOnlyBeSooner() {
        Deadline hour = Deadline.in(Duration.ofHours(1));
        Deadline minute = Deadline.in(Duration.ofMinutes(1));

        assertEquals(minute, hour.call(() -> minute.call(Deadline::current)));
        assertEquals(minute, minute.call(() -> hour.call(Deadline::current)));
        assertEquals(hour, hour.call(() -> Deadline.in(Duration.ofSeconds(Long.MAX_VALUE)).call(Deadline::current)));
    }

    @Test
    void letsTheFailureOfItsWorkOut() {
        Deadline deadline = Deadline.in(Duration.ofHours(1));

        assertThrows(IOException.class, () -> deadline.call(() -> {
            throw new IOException("no luck");
        }));
    }
}
