package dev.heddle.gates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Interceptor;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is not told by the tests of the CPU pool, which is one of these.
@Timeout(20)
class PlatformPoolTest {
    private static final ScopedValue<String> CALLER = ScopedValue.newInstance();
    private static final Callable<Boolean> IS_VIRTUAL = () -> Thread.currentThread().isVirtual();

    private final PlatformPool pool = new PlatformPool("test", 2, Duration.ofSeconds(10), List.of(CALLER));

    @AfterEach
    void closePool() {
        pool.close();
    }

    @Test
    void whatItsWorkGathersRunsOnPlatformThreads() throws InterruptedException {
        Callable<Boolean> gathered = () -> Gather.all(List.of(IS_VIRTUAL)).getFirst();
        Callable<Boolean> nested = () -> Gather.named("nested").all(List.of(gathered)).getFirst();

        List<Boolean> kinds = pool.call(() -> List.of(IS_VIRTUAL.call(), gathered.call(), nested.call()));

        assertEquals(List.of(false, false, false), kinds);
        assertEquals(List.of(true), Gather.all(List.of(IS_VIRTUAL)));
    }

    @Test
    void gatheredWorkInheritsTheValuesThatWereCarried() throws InterruptedException {
        Callable<String> gathered = () -> Gather.all(List.<Callable<String>>of(CALLER::get)).getFirst();

        String seen = ScopedValue.where(CALLER, "ada").call(() -> pool.call(gathered));

        assertEquals("ada", seen);
    }

    @Test
    void whatStandsAroundGatheredCallsIsHandedOverWithTheWork() throws InterruptedException {
        var seen = new ConcurrentLinkedQueue<String>();
        Callable<List<Integer>> gathered = () -> Gather.named("here").all(List.of(() -> 1, () -> 2));

        noting(seen).bind(() -> pool.call(gathered));

        assertEquals("handed over to another thread: true", seen.poll());
        assertEquals(List.of("here 0", "here 1"), seen.stream().sorted().toList());
    }

    private static Interceptor noting(Queue<String> seen) {
        return new Interceptor() {
            @Override
            public <T extends @Nullable Object> T around(String name, int turn, Callable<? extends T> call)
                    throws Exception {
                seen.add(name + " " + turn);
                return call.call();
            }

            @Override
            public <T extends @Nullable Object> Callable<? extends T> handedOver(Callable<? extends T> work) {
                Thread waiting = Thread.currentThread();
                return () -> {
                    seen.add("handed over to another thread: " + (Thread.currentThread() != waiting));
                    return work.call();
                };
            }
        };
    }

    @Test
    void gatheredWorkEndsWithTheDeadline() {
        assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(50)).call(() -> pool.call(() -> {
            Thread.sleep(Duration.ofHours(1));
            return "never";
        })));
        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void saysWhichPoolIsClosed() {
        pool.close();

        assertEquals("the test pool is closed",
                assertThrows(Unavailable.class, () -> pool.call(() -> "never")).getMessage());
    }
}
