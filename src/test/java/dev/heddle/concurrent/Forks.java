package dev.heddle.concurrent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/// Calls to be gathered that do not end well, and the threads on which they hung.
final class Forks {
    private final Queue<Thread> hanging = new ConcurrentLinkedQueue<>();

    String hang() throws InterruptedException {
        hanging.add(Thread.currentThread());
        new CountDownLatch(1).await();
        return "never";
    }

    /// Counts down `hangs` first, to signal that the call has been made.
    Callable<String> hang(CountDownLatch hangs) {
        return () -> {
            hangs.countDown();
            return hang();
        };
    }

    static <T> Callable<T> failing(Throwable failure) {
        return () -> {
            switch (failure) {
                case Exception exception -> throw exception;
                case Error error -> throw error;
                default -> throw new AssertionError(failure);
            }
        };
    }

    int count() {
        return hanging.size();
    }

    /// A scope counts a virtual thread as ended a moment before the thread itself says so.
    void assertEnded() {
        for (Thread fork : hanging) {
            try {
                assertTrue(fork.join(Duration.ofMillis(100)));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
