package dev.heddle.upstream;

import static dev.heddle.upstream.FakeUpstream.json;
import static dev.heddle.upstream.FakeUpstream.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.Unavailable;
import dev.heddle.upstream.FakeUpstream.Behaviour;
import dev.heddle.web.Failure;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When a call is repeated, and when none is made at all.
@Timeout(20)
class RepeatTest {
    private static final Behaviour OVERLOADED = status("503 Service Unavailable", "");
    private static final Behaviour WELL = json("{}");

    private Instant now = Instant.EPOCH;
    private final FakeUpstream fake = FakeUpstream.doing(WELL);
    private final Upstream upstream = Upstream.open("fake", new UpstreamSettings(fake.address(), 10, 10,
            Duration.ofSeconds(10), Duration.ofSeconds(1), 1_024), () -> now);

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        fake.close();
    }

    @Test
    void aPassingFaultIsNotSeenByTheCaller() throws InterruptedException {
        calls(10);
        fake.turn((number, socket) -> (number == 11 ? OVERLOADED : WELL).answer(number, socket));

        assertTrue(upstream.get("a").isPresent());

        assertEquals(12, fake.requests());
        assertEquals(1, upstream.stats().retries());
    }

    @Test
    void aResetIsRepeatedToo() throws InterruptedException {
        calls(10);
        fake.turn((number, socket) -> (number == 11 || number == 12 ? FakeUpstream.reset() : WELL).answer(number,
                socket));

        assertTrue(upstream.get("a").isPresent());
    }

    @Test
    void whatWillNotPassIsNotRepeated() throws InterruptedException {
        calls(100);
        fake.turn(status("500 Internal Server Error", ""));

        assertThrows(Failure.class, () -> upstream.get("a"));

        assertEquals(101, fake.requests());
    }

    @Test
    void retriesAddAtMostATenth() {
        fake.turn((number, socket) -> (number % 3 == 0 ? OVERLOADED : WELL).answer(number, socket));

        for (int i = 0; i < 200; i++) {
            try {
                upstream.get("a");
            } catch (Failure | InterruptedException _) {
                // Some have no retry left.
            }
        }

        assertTrue(upstream.stats().retries() > 0 && fake.requests() <= 220, () -> "requests " + fake.requests());
        assertEquals(fake.requests(), 200 + upstream.stats().retries());
    }

    @Test
    void savesUpTenRetriesAndNoMore() {
        var budget = new RetryBudget();
        for (int i = 0; i < 1_000; i++) {
            budget.feed();
        }

        int taken = 0;
        while (budget.take()) {
            taken++;
        }

        assertEquals(10, taken);
    }

    @Test
    void anUpstreamThatKeepsFailingIsLeftAloneUntilItWorksAgain() throws InterruptedException {
        fake.turn(status("500 Internal Server Error", ""));
        for (int i = 0; i < Circuit.WINDOW; i++) {
            assertThrows(Failure.class, () -> upstream.get("a"));
        }

        assertTrue(upstream.stats().isOpen());
        assertEquals(Circuit.PAUSE, assertThrows(Unavailable.class, () -> upstream.get("a")).retryAfter());
        assertEquals(Circuit.WINDOW, fake.requests());

        fake.turn(WELL);
        now = now.plus(Circuit.PAUSE);
        assertTrue(upstream.get("a").isPresent());
        assertFalse(upstream.stats().isOpen());
    }

    @Test
    void callersWithoutPatienceOpenNoCircuit() {
        fake.turn(FakeUpstream.hang());

        for (int i = 0; i < Circuit.WINDOW; i++) {
            assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(2)).call(() -> upstream.get("a")));
        }

        assertFalse(upstream.stats().isOpen());
    }

    @Test
    void callersWithoutPatienceCloseNoCircuitEither() {
        fake.turn(status("500 Internal Server Error", ""));
        for (int i = 0; i < Circuit.WINDOW; i++) {
            assertThrows(Failure.class, () -> upstream.get("a"));
        }
        fake.turn(FakeUpstream.hang());
        now = now.plus(Circuit.PAUSE);

        assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(20)).call(() -> upstream.get("a")));

        assertTrue(upstream.stats().isOpen());
    }

    private void calls(int number) throws InterruptedException {
        for (int i = 0; i < number; i++) {
            upstream.get("a");
        }
    }
}
