package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GatherTest {
    private static final ScopedValue<String> REQUEST_ID = ScopedValue.newInstance();

    private final Queue<Thread> forks = new ConcurrentLinkedQueue<>();

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

        RuntimeException thrown = assertThrows(RuntimeException.class, () -> Gather.all(List.of(this::hang, () -> {
            started.countDown();
            return hang();
        }, () -> {
            started.countDown();
            started.await();
            throw failure;
        })));

        assertSame(failure, thrown);
        assertNoForkIsAlive();
    }

    @Test
    void anErrorIsThrownAsItselfAndACheckedExceptionAsACause() {
        var error = new AssertionError("broken");
        var checked = new IOException("unplugged");

        assertSame(error, assertThrows(AssertionError.class, () -> Gather.all(List.of(failing(error)))));
        assertSame(checked,
                assertThrows(CompletionException.class, () -> Gather.all(List.of(failing(checked)))).getCause());
    }

    @Test
    void settleTellsHowEachCallEndedAndNeverThrows() throws InterruptedException {
        var checked = new IOException("unplugged");
        var error = new AssertionError("broken");

        List<Outcome<String>> outcomes = Gather.settle(List.of(() -> "fine", failing(checked), failing(error)));

        assertEquals(List.of(new Outcome.Success<>("fine"), new Outcome.Failure<>(checked),
                new Outcome.Failure<>(error)), outcomes);
    }

    @Test
    void settleKeepsWhatWasReadyAtTheDeadline() throws InterruptedException {
        List<Outcome<String>> outcomes = Gather.within(Duration.ofMillis(50))
                .settle(List.of(() -> "ready", this::hang, failing(new IOException("unplugged"))));

        assertEquals(new Outcome.Success<>("ready"), outcomes.get(0));
        assertInstanceOf(DeadlinePassed.class, causeOf(outcomes.get(1)));
        assertInstanceOf(IOException.class, causeOf(outcomes.get(2)));
        assertNoForkIsAlive();
    }

    @Test
    void settleMakesNoCallOnceTheDeadlineHasPassed() throws InterruptedException {
        var calls = new AtomicInteger();

        List<Outcome<Integer>> outcomes = Gather.within(Duration.ZERO).settle(List.of(calls::incrementAndGet));

        assertInstanceOf(DeadlinePassed.class, causeOf(outcomes.getFirst()));
        assertEquals(0, calls.get());
    }

    @Test
    void theFirstSuccessWinsTheRaceAndCancelsTheOthers() throws InterruptedException {
        var hangs = new CountDownLatch(1);

        String winner = Gather.race(List.of(failing(new IOException("unplugged")), () -> {
            hangs.countDown();
            return hang();
        }, () -> {
            hangs.await();
            return "here";
        }));

        assertEquals("here", winner);
        assertNoForkIsAlive();
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
                () -> Gather.race(List.of(failing(first), failing(second), failing(first))));

        assertSame(first, thrown);
        assertEquals(List.of(second), List.of(thrown.getSuppressed()));
    }

    @Test
    void aRaceThatIsNotWonInTimeThrowsDeadlinePassedAndSuppressesTheFailures() {
        var failure = new IOException("unplugged");

        DeadlinePassed thrown = assertThrows(DeadlinePassed.class,
                () -> Gather.within(Duration.ofMillis(50)).race(List.of(failing(failure), this::hang)));

        assertEquals(List.of(failure), List.of(thrown.getSuppressed()));
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
    void neverRunsMoreThanTheLimitWhateverTheSizes() throws InterruptedException {
        var random = new Random(7);
        for (int round = 0; round < 100; round++) {
            int limit = 1 + random.nextInt(8);
            int size = random.nextInt(60);
            var running = new AtomicInteger();
            var most = new AtomicInteger();

            List<Integer> results = Gather.limit(limit)
                    .all(Gather.each(IntStream.range(0, size).boxed().toList(), n -> {
                        most.accumulateAndGet(running.incrementAndGet(), Math::max);
                        Thread.yield();
                        running.decrementAndGet();
                        return n;
                    }));

            assertEquals(IntStream.range(0, size).boxed().toList(), results);
            assertTrue(most.get() <= limit, () -> most + " ran at once, not " + limit);
        }
    }

    @Test
    void reachesTheLimit() throws InterruptedException {
        var meeting = new CyclicBarrier(5);

        assertEquals(50, Gather.limit(5)
                .all(IntStream.range(0, 50).mapToObj(_ -> (Callable<Integer>) meeting::await).toList()).size());
    }

    @Test
    void aFailureUnderALimitStopsFurtherCalls() {
        var calls = new AtomicInteger();

        assertThrows(IllegalStateException.class,
                () -> Gather.limit(2).all(IntStream.range(0, 100).mapToObj(n -> (Callable<String>) () -> {
                    calls.incrementAndGet();
                    if (n == 10) {
                        throw new IllegalStateException("no luck");
                    }
                    return n > 10 ? hang() : "done";
                }).toList()));

        assertTrue(calls.get() <= 12, () -> calls + " calls");
    }

    @Test
    void anInterruptLeftBehindByOneCallDoesNotReachTheNext() throws InterruptedException {
        List<Boolean> interrupted = Gather.limit(1).all(Gather.each(List.of(1, 2), _ -> {
            boolean was = Thread.currentThread().isInterrupted();
            Thread.currentThread().interrupt();
            return was;
        }));

        assertEquals(List.of(false, false), interrupted);
    }

    @Test
    void refusesALimitUnderOne() {
        assertThrows(IllegalArgumentException.class, () -> Gather.limit(0));
    }

    @Test
    void endsWithinAHundredMillisecondsOfItsTime() {
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();

            assertThrows(DeadlinePassed.class,
                    () -> Gather.within(Duration.ofMillis(50)).all(List.of(() -> "ready", this::hang)));

            assertTookFrom50To150Millis(start);
            assertNoForkIsAlive();
        }
    }

    @Test
    void endsAtTheCurrentDeadline() {
        long start = System.nanoTime();

        assertThrows(DeadlinePassed.class,
                () -> Deadline.in(Duration.ofMillis(50))
                        .call(() -> Gather.limit(1).all(List.of(this::hang, this::hang))));

        assertTookFrom50To150Millis(start);
        assertEquals(1, forks.size());
    }

    @Test
    void aNestedGatherInheritsTheSoonerDeadline() throws InterruptedException {
        Callable<Duration> timeLeft = () -> Deadline.current().timeLeft();
        Callable<List<Duration>> longer = () -> Gather.within(Duration.ofHours(2)).all(List.of(timeLeft));
        Callable<List<Duration>> sooner = () -> Gather.within(Duration.ofMinutes(1)).all(List.of(timeLeft));

        List<List<Duration>> left = Gather.within(Duration.ofHours(1)).all(List.of(longer, sooner));

        assertTrue(left.get(0).getFirst().compareTo(Duration.ofHours(1)) <= 0);
        assertTrue(left.get(0).getFirst().compareTo(Duration.ofMinutes(59)) > 0);
        assertTrue(left.get(1).getFirst().compareTo(Duration.ofMinutes(1)) <= 0);
    }

    @Test
    void aFailureCancelsTheGathersNestedInOtherCalls() {
        var inner = new CountDownLatch(2);
        Callable<String> hang = () -> {
            inner.countDown();
            return hang();
        };

        assertThrows(IllegalStateException.class,
                () -> Gather.all(List.of(() -> Gather.all(List.of(hang, hang)), () -> {
                    inner.await();
                    throw new IllegalStateException("no luck");
                })));

        assertEquals(2, forks.size());
        assertNoForkIsAlive();
    }

    @Test
    void anInterruptIsPassedOnToTheCallsAndThrown() throws InterruptedException {
        var hangs = new CountDownLatch(2);
        var thrown = new AtomicReference<Exception>();
        Callable<String> hang = () -> {
            hangs.countDown();
            return hang();
        };
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
        assertNoForkIsAlive();
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

    @Test
    void namesItsThreadsWhenItHasAName() throws InterruptedException {
        Callable<String> name = () -> Thread.currentThread().getName();

        assertEquals(List.of("avatars 1"), Gather.named("avatars").all(List.of(name)));
        assertEquals(List.of(""), Gather.all(List.of(name)));
    }

    private static <T> Callable<T> failing(Throwable failure) {
        return () -> {
            switch (failure) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw new AssertionError(failure);
            }
        };
    }

    private String hang() throws InterruptedException {
        forks.add(Thread.currentThread());
        new CountDownLatch(1).await();
        return "never";
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

    private static Throwable causeOf(Outcome<?> outcome) {
        return assertInstanceOf(Outcome.Failure.class, outcome).cause();
    }

    /// The scope counts a virtual thread as ended a moment before the thread itself says so.
    private void assertNoForkIsAlive() {
        for (Thread fork : new ArrayList<>(forks)) {
            try {
                assertTrue(fork.join(Duration.ofMillis(100)));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void assertTookFrom50To150Millis(long startNanos) {
        var took = Duration.ofNanos(System.nanoTime() - startNanos);
        assertTrue(took.toMillis() >= 50 && took.toMillis() < 150, () -> "took " + took);
    }
}
