package dev.heddle.lab;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts how many are at something at once, and remembers the most there ever were. Thread-safe.
final class Peak {
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    <T> T count(Callable<T> work) throws Exception {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        try {
            return work.call();
        } finally {
            now.decrementAndGet();
        }
    }

    int most() {
        return most.get();
    }
}
