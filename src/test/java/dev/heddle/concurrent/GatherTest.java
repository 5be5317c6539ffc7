package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GatherTest {
    private static final ScopedValue<String> REQUEST_ID = ScopedValue.newInstance();

    private final Forks forks = new Forks();

    @Test
    void allGivesResultsInTheOrderOfTheCalls() throws InterruptedException {
        var secondIsDone = new CountDownLatch(1);

        List<String> results = Gather.all(List.of(() -> {
            secondIsDone.await();
            return "first";
        }, () -> {
            secondIsDone.countDown();
            return "second";
        }));

        assertEquals(List.of("first", "second"), results);
    }

    @Test
    void allMakesItsCallsAtTheSameTime() throws InterruptedException {
        var meeting = new CyclicBarrier(100);

        List<Integer> arrivals = Gather
                .all(IntStream.range(0, 100).<Callable<Integer>>mapToObj(_ -> meeting::await).toList());

        assertEquals(IntStream.range(0, 100).boxed().toList(), arrivals.stream().sorted().toList());
    }

    @Test
    void allKeepsResultsThatAreNull() throws InterruptedException {
        assertEquals(Arrays.asList("one", null), Gather.<String>all(List.of(() -> "one", () -> null)));
    }

    @Test
    void nothingGathersToNothing() throws InterruptedException {
        assertEquals(List.of(), Gather.all(List.of()));
        assertEquals(List.of(), Gather.settle(List.of()));
        assertEquals(List.of(), Deadline.in(Duration.ZERO).call(() -> Gather.all(List.of())));
    }

    @Test
    void theFirstFailureCancelsTheRestOfAllAndIsThrownAsItself() {
        var failure = new IllegalStateException("no luck");
        var started = new CountDownLatch(2);

        RuntimeException thrown = assertThrows(RuntimeException.class,
                () -> Gather.all(List.of(forks::hang, forks.hang(started), () -> {
                    started.countDown();
                    started.await();
                    throw failure;
                })));

        assertSame(failure, thrown);
        forks.assertEnded();
    }

    @Test
    void anErrorIsThrownAsItselfAndACheckedExceptionAsACause() {
        var error = new AssertionError("broken");
        var checked = new IOException("unplugged");

        assertSame(error, assertThrows(AssertionError.class, () -> Gather.all(List.of(Forks.failing(error)))));
        assertSame(checked,
                assertThrows(CompletionException.class, () -> Gather.all(List.of(Forks.failing(checked)))).getCause());
    }

    @Test
    void settleTellsHowEachCallEndedAndNeverThrows() throws InterruptedException {
        var checked = new IOException("unplugged");
        var error = new AssertionError("broken");

        List<Outcome<String>> outcomes = Gather
                .settle(List.of(() -> "fine", Forks.failing(checked), Forks.failing(error)));

        assertEquals(List.of(new Outcome.Success<>("fine"), new Outcome.Failure<>(checked),
                new Outcome.Failure<>(error)), outcomes);
    }

    @Test
    void theFirstSuccessWinsTheRaceAndCancelsTheOthers() throws InterruptedException {
        var hangs = new CountDownLatch(1);

        String winner = Gather.race(List.of(Forks.failing(new IOException("unplugged")), forks.hang(hangs), () -> {
            hangs.await();
            return "here";
        }));

        assertEquals("here", winner);
        forks.assertEnded();
    }

    @Test
    void aRaceCanBeWonByNull() throws InterruptedException {
        assertNull(Gather.<String>race(List.of(() -> null)));
    }

    @Test
    void aRaceThatAllLoseThrowsTheFirstFailureAndSuppressesTheOthers() {
        var first = new IllegalStateException("first");
        var second = new IOException("second");

        RuntimeException thrown = assertThrows(RuntimeException.class,
                () -> Gather.race(List.of(Forks.failing(first), Forks.failing(second), Forks.failing(first))));

        assertSame(first, thrown);
        assertEquals(List.of(second), List.of(thrown.getSuppressed()));
    }

    @Test
    void aRaceNeedsACall() {
        assertThrows(IllegalArgumentException.class, () -> Gather.race(List.of()));
    }

    @Test
    void combinesCallsOfDifferentTypes() throws InterruptedException {
        record Page(String user, int orders, boolean isOpen) {
        }

        assertEquals("ada has 3", Gather.combine(() -> "ada", () -> 3, (user, orders) -> user + " has " + orders));
        assertEquals(new Page("ada", 3, true), Gather.combine(() -> "ada", () -> 3, () -> true, Page::new));
    }

    @Test
    void makesOneCallForEachInput() throws InterruptedException {
        assertEquals(List.of(1, 4, 9), Gather.limit(2).all(Gather.each(List.of(1, 2, 3), n -> n * n)));
    }

    @Test
    void aFailureCancelsTheGathersNestedInOtherCalls() {
        var inner = new CountDownLatch(2);
        Callable<String> hang = forks.hang(inner);

        assertThrows(IllegalStateException.class,
                () -> Gather.all(List.of(() -> Gather.all(List.of(hang, hang)), () -> {
                    inner.await();
                    throw new IllegalStateException("no luck");
                })));

        assertEquals(2, forks.count());
        forks.assertEnded();
    }

    @Test
    void anInterruptIsPassedOnToTheCallsAndThrown() throws InterruptedException {
        var hangs = new CountDownLatch(2);
        var thrown = new AtomicReference<Exception>();
        Callable<String> hang = forks.hang(hangs);
        Thread owner = Thread.ofVirtual().start(() -> {
            try {
                Gather.settle(List.of(hang, hang));
            } catch (InterruptedException e) {
                thrown.set(e);
            }
        });
        hangs.await();

        owner.interrupt();

        assertTrue(owner.join(Duration.ofSeconds(5)));
        assertInstanceOf(InterruptedException.class, thrown.get());
        forks.assertEnded();
    }

    @Test
    void waitsForACallThatIsDeafToInterrupts() {
        var ended = new AtomicBoolean();
        var letGo = new CountDownLatch(1);

        assertThrows(IllegalStateException.class, () -> Gather.all(List.of(() -> {
            awaitDeaf(letGo);
            ended.set(true);
            return "late";
        }, () -> {
            Thread.ofVirtual().start(letGo::countDown);
            throw new IllegalStateException("no luck");
        })));

        assertTrue(ended.get());
    }

    @Test
    void callsInheritScopedValues() throws InterruptedException {
        List<String> seen = ScopedValue.where(REQUEST_ID, "r-7")
                .call(() -> Gather.all(List.of(REQUEST_ID::get, () -> Gather.race(List.of(REQUEST_ID::get)))));

        assertEquals(List.of("r-7", "r-7"), seen);
    }

    private static void awaitDeaf(CountDownLatch latch) {
        boolean isOpen = false;
        while (!isOpen) {
            try {
                latch.await();
                isOpen = true;
            } catch (InterruptedException _) {
                // This is what deaf means.
            }
        }
    }
}
