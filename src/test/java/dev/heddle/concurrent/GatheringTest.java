package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GatheringTest {
    private final Forks forks = new Forks();

    @Test
    void settleKeepsWhatWasReadyAtTheDeadline() throws InterruptedException {
        List<Outcome<String>> outcomes = Gather.within(Duration.ofMillis(50))
                .settle(List.of(() -> "ready", forks::hang, Forks.failing(new IOException("unplugged"))));

        assertEquals(new Outcome.Success<>("ready"), outcomes.get(0));
        assertInstanceOf(DeadlinePassed.class, causeOf(outcomes.get(1)));
        assertInstanceOf(IOException.class, causeOf(outcomes.get(2)));
        forks.assertEnded();
    }

    @Test
    void settleMakesNoCallOnceTheDeadlineHasPassed() throws InterruptedException {
        var calls = new AtomicInteger();

        List<Outcome<Integer>> outcomes = Gather.within(Duration.ZERO).settle(List.of(calls::incrementAndGet));

        assertInstanceOf(DeadlinePassed.class, causeOf(outcomes.getFirst()));
        assertEquals(0, calls.get());
    }

    @Test
    void aRaceThatIsNotWonInTimeThrowsDeadlinePassedAndSuppressesTheFailures() {
        var failure = new IOException("unplugged");

        DeadlinePassed thrown = assertThrows(DeadlinePassed.class,
                () -> Gather.within(Duration.ofMillis(50)).race(List.of(Forks.failing(failure), forks::hang)));

        assertEquals(List.of(failure), List.of(thrown.getSuppressed()));
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
                    return n > 10 ? forks.hang() : "done";
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
        Stopwatch.assertTakes(Duration.ofMillis(50), Duration.ofMillis(150), () -> assertThrows(DeadlinePassed.class,
                () -> Gather.within(Duration.ofMillis(50)).all(List.of(() -> "ready", forks::hang))));

        forks.assertEnded();
    }

    @Test
    void endsWithinAHundredMillisecondsOfTheCurrentDeadline() {
        Stopwatch.assertTakes(Duration.ofMillis(50), Duration.ofMillis(150), () -> assertThrows(DeadlinePassed.class,
                () -> Deadline.in(Duration.ofMillis(50)).call(() -> Gather.all(List.of(forks::hang, forks::hang)))));

        forks.assertEnded();
    }

    @Test
    void makesNoFurtherCallAfterTheDeadline() {
        assertThrows(DeadlinePassed.class,
                () -> Gather.within(Duration.ofMillis(50)).limit(1).all(List.of(forks::hang, forks::hang)));

        assertEquals(1, forks.count());
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
    void namesItsThreadsWhenItHasAName() throws InterruptedException {
        Callable<String> name = () -> Thread.currentThread().getName();

        assertEquals(List.of("avatars 1"), Gather.named("avatars").all(List.of(name)));
        assertEquals(List.of(""), Gather.all(List.of(name)));
    }

    private static Throwable causeOf(Outcome<?> outcome) {
        return assertInstanceOf(Outcome.Failure.class, outcome).cause();
    }
}
