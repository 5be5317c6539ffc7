package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InterceptorTest {
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();

    @Test
    void standsAroundEachGatheredCallAndItsOwnGatheredCalls() throws InterruptedException {
        List<List<Integer>> results = noting("").bind(() -> Gather.named("outer").all(List.of(
                () -> Gather.named("inner").all(List.of(() -> 1, () -> 2)), () -> List.of(3))));

        assertEquals(List.of(List.of(1, 2), List.of(3)), results);
        assertEquals(Set.of("outer 0", "outer 1", "inner 0", "inner 1"), Set.copyOf(seen));
        assertEquals(4, seen.size());
    }

    @Test
    void theOneBoundFirstStandsOutside() throws InterruptedException {
        noting("first ").bind(() -> noting("second ").bind(() -> Gather.all(List.of(() -> 1))));

        assertEquals(List.of("first gather 0", "second gather 0"), List.copyOf(seen));
    }

    @Test
    void seesTheFailureOfTheCallAndLetsItPass() {
        var failure = new IllegalStateException("broken");

        IllegalStateException thrown = assertThrows(IllegalStateException.class,
                () -> noting("").bind(() -> Gather.all(List.of(() -> {
                    throw failure;
                }))));

        assertEquals(failure, thrown);
        assertTrue(seen.contains("failed " + failure));
    }

    private Interceptor noting(String prefix) {
        return new Interceptor() {
            @Override
            public <T extends @Nullable Object> T around(String name, int turn, Callable<? extends T> call)
                    throws Exception {
                seen.add(prefix + name + " " + turn);
                try {
                    return call.call();
                } catch (Exception e) {
                    seen.add("failed " + e);
                    throw e;
                }
            }
        };
    }
}
