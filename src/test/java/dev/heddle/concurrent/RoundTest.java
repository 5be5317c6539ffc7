package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RoundTest {
    private static final Duration SOON = Duration.ofMillis(50);

    private final AtomicInteger calls = new AtomicInteger();
    private final Forks forks = new Forks();

    @Test
    void makesNoCallOnceItIsCutOff() {
        Round<Integer> round = round(List.of(calls::incrementAndGet));

        round.cutOff();
        round.takeTurns(0, () -> false);

        assertEquals(0, calls.get());
        assertInstanceOf(Outcome.Failure.class, round.outcomes().getFirst());
    }

    @Test
    void whatEndsAfterTheCutOffDoesNotCount() {
        var round = new Place();

        round.made = round(List.of(() -> {
            round.made.cutOff();
            return calls.incrementAndGet();
        }, calls::incrementAndGet));
        round.made.takeTurns(0, () -> false);

        assertEquals(1, calls.get());
        assertInstanceOf(Outcome.Failure.class, round.made.outcomes().getFirst());
    }

    @Test
    void theWatchWakesForASoonerDeadlineThanItKnew() throws InterruptedException {
        var hangs = new CountDownLatch(1);
        Thread patient = Thread.ofVirtual().start(() -> assertThrows(InterruptedException.class,
                () -> Gather.within(Duration.ofMinutes(1)).all(List.of(forks.hang(hangs)))));
        hangs.await();

        Stopwatch.assertTakes(SOON, SOON.plusMillis(500),
                () -> assertThrows(DeadlinePassed.class, () -> Gather.within(SOON).all(List.of(forks::hang))));

        patient.interrupt();
        assertTrue(patient.join(Duration.ofSeconds(10)));
        forks.assertEnded();
    }

    @Test
    void manyDeadlinesThatPassAtOnceAreAllKept() throws InterruptedException {
        Callable<Outcome<String>> hanging = () -> Gather.within(SOON).<String>settle(List.of(forks::hang)).getFirst();

        List<Outcome<String>> outcomes = Gather.all(Collections.nCopies(200, hanging));

        assertTrue(outcomes.stream().allMatch(each -> each instanceof Outcome.Failure(DeadlinePassed _)));
        forks.assertEnded();
    }

    @Test
    void aCallThatIsDeafIsWaitedForWhenItsTimeIsUp() {
        assertThrows(DeadlinePassed.class, () -> Gather.within(SOON).all(List.of(() -> {
            long start = System.nanoTime();
            while (System.nanoTime() - start < 2 * SOON.toNanos()) {
                LockSupport.parkNanos(1_000_000);
            }
            return calls.incrementAndGet();
        })));

        assertEquals(1, calls.get());
    }

    private static Round<Integer> round(List<Callable<Integer>> calls) {
        return new Round<>("test", calls, _ -> false, 1);
    }

    /// A place for a round that its own calls speak of.
    private static final class Place {
        private Round<Integer> made = round(List.of());
    }
}
