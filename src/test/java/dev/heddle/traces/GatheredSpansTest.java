package dev.heddle.traces;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.heddle.concurrent.Gather;
import dev.heddle.gates.CpuPool;
import dev.heddle.gates.PlatformPool;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Of every gathered call the parent is known, whichever verb gathered it and on whichever kind of thread.
@Timeout(20)
class GatheredSpansTest {
    private static final Duration LONG_QUEUE = Duration.ofSeconds(10);
    private static final Callable<String> QUICK = () -> "quick";
    private static final Callable<String> FAILING = () -> {
        throw new IOException("broken");
    };

    /// Where a handler runs.
    enum Threads {
        VIRTUAL, PLATFORM
    }

    private final Spans spans = new Spans();
    private final PlatformPool pool = new PlatformPool("test", 2, LONG_QUEUE, List.of(Traces.carried()));

    @AfterEach
    void close() {
        pool.close();
        spans.tracing().close();
    }

    @ParameterizedTest
    @EnumSource
    void allOfThem(Threads threads) {
        request(threads, () -> Gather.named("all").all(List.of(QUICK, QUICK, QUICK)));

        assertEquals(List.of(" > GET", "GET > all 0", "GET > all 1", "GET > all 2"), spans.edges(4));
        assertEquals(Set.of(), spans.failed());
    }

    @ParameterizedTest
    @EnumSource
    void thoseOfCombine(Threads threads) {
        request(threads, () -> Gather.combine(QUICK, QUICK, (a, b) -> a + b));

        assertEquals(List.of(" > GET", "GET > gather 0", "GET > gather 1"), spans.edges(3));
    }

    @ParameterizedTest
    @EnumSource
    void thoseThatFailAreMarked(Threads threads) {
        request(threads, () -> Gather.named("settle").settle(List.of(QUICK, FAILING, QUICK)));

        assertEquals(List.of(" > GET", "GET > settle 0", "GET > settle 1", "GET > settle 2"), spans.edges(4));
        assertEquals(Set.of("settle 1: java.io.IOException"), spans.failed());
    }

    @ParameterizedTest
    @EnumSource
    void thoseThatLoseARaceAreMarked(Threads threads) {
        request(threads, () -> {
            var loserRuns = new CountDownLatch(1);
            Gather.named("race").race(List.of(() -> {
                loserRuns.await();
                return "won";
            }, () -> {
                loserRuns.countDown();
                new CountDownLatch(1).await();
                return "lost";
            }));
        });

        assertEquals(List.of(" > GET", "GET > race 0", "GET > race 1"), spans.edges(3));
        assertEquals(Set.of("race 1: java.lang.InterruptedException"), spans.failed());
    }

    @ParameterizedTest
    @EnumSource
    void thoseThatTakeTurnsOnOneThread(Threads threads) {
        request(threads, () -> Gather.named("turn").limit(2).all(Collections.nCopies(5, QUICK)));

        assertEquals(
                Stream.concat(Stream.of(" > GET"), IntStream.range(0, 5).mapToObj(i -> "GET > turn " + i)).toList(),
                spans.edges(6));
    }

    @ParameterizedTest
    @EnumSource
    void thoseThatAGatheredCallGathers(Threads threads) {
        Callable<List<String>> inner = () -> Gather.named("inner").all(List.of(QUICK, QUICK));

        request(threads, () -> Gather.named("outer").all(List.of(inner, () -> List.of(QUICK.call()))));

        assertEquals(List.of(" > GET", "GET > outer 0", "GET > outer 1", "outer 0 > inner 0", "outer 0 > inner 1"),
                spans.edges(5));
    }

    @ParameterizedTest
    @EnumSource
    void thoseThatAreGatheredWithinASpan(Threads threads) {
        request(threads, () -> {
            Traces.span("work", () -> Gather.all(List.of(() -> Traces.span("step", QUICK::call))));
            Gather.named("later").all(List.of(QUICK));
        });

        assertEquals(List.of(" > GET", "GET > later 0", "GET > work", "gather 0 > step", "work > gather 0"),
                spans.edges(5));
    }

    @ParameterizedTest
    @EnumSource
    void whatIsComputedForThem(Threads threads) {
        try (var processor = new CpuPool(1, LONG_QUEUE, List.of(Traces.carried()))) {
            request(threads, () -> Gather.all(List.of(() -> processor.compute(() -> Traces.span("sum", QUICK::call)))));
        }

        assertEquals(List.of(" > GET", "GET > gather 0", "gather 0 > sum"), spans.edges(3));
    }

    @Test
    void aSpanThatFailsIsMarkedAndItsFailurePasses() {
        var failure = new IOException("secret");

        spans.request(() -> assertEquals(failure, assertThrows(IOException.class, () -> Traces.span("work", () -> {
            throw failure;
        }))));

        assertEquals(Set.of("work: java.io.IOException"), spans.failed());
        assertEquals("", spans.one("work").getStatus().getDescription());
    }

    @Test
    void anErrorIsMarkedToo() {
        spans.request(() -> assertThrows(StackOverflowError.class, () -> Traces.span("work", () -> {
            throw new StackOverflowError();
        })));

        assertEquals(Set.of("work: java.lang.StackOverflowError"), spans.failed());
    }

    @Test
    void whatIsDoneForNoRequestHasNoSpan() throws Exception {
        assertEquals("quick", Traces.span("work", QUICK::call));
        Traces.attribute("a", "b");

        assertEquals(List.of("quick"), Gather.all(List.of(QUICK)));
        assertEquals(List.of(), spans.all(0));
        assertEquals(true, Traces.id().isEmpty());
    }

    private void request(Threads threads, Spans.Work work) {
        spans.request(switch (threads) {
            case VIRTUAL -> work;
            case PLATFORM -> () -> pool.call(() -> {
                work.run();
                return "done";
            });
        });
    }
}
