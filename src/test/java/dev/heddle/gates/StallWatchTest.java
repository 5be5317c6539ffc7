package dev.heddle.gates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Stopwatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StallWatchTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private final StallWatch stalls = new StallWatch();

    @AfterEach
    void closeWatch() {
        stalls.close();
    }

    @Test
    void interruptsWhatMakesNoProgress() {
        Stopwatch.assertTakes(SHORT, SHORT.plusMillis(100), () -> {
            try (var guard = stalls.watch(SHORT)) {
                assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await());
                assertTrue(guard.hasStalled());
            }
        });
    }

    @Test
    void endsTheReadOfAVirtualThreadFromASilentSocket() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort());
                var _ = server.accept()) {
            boolean stalled = Gather.combine(() -> {
                try (var guard = stalls.watch(SHORT)) {
                    assertThrows(IOException.class, () -> client.getInputStream().read());
                    return guard.hasStalled();
                }
            }, () -> "meanwhile", (hasStalled, _) -> hasStalled);

            assertTrue(stalled);
            assertTrue(client.isClosed());
        }
    }

    @Test
    void leavesAloneWhatMakesProgress() {
        long end = System.nanoTime() + SHORT.multipliedBy(4).toNanos();
        try (var guard = stalls.watch(SHORT)) {

            while (System.nanoTime() < end) {
                guard.progressed();
                Thread.onSpinWait();
            }

            assertFalse(guard.hasStalled());
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    @Test
    void interruptsAtTheDeadlineAlthoughThereIsProgress() {
        Deadline.in(SHORT).run(() -> {
            try (var guard = stalls.watch(Duration.ofHours(1))) {

                while (!Thread.currentThread().isInterrupted()) {
                    guard.progressed();
                    Thread.onSpinWait();
                }

                assertFalse(guard.hasStalled());
                assertTrue(Deadline.current().isPassed());
            }
        });
    }

    @Test
    void takesBackAnInterruptThatNobodyTook() {
        try (var guard = stalls.watch(Duration.ofNanos(1))) {
            while (!guard.hasStalled()) {
                Thread.onSpinWait();
            }
        }

        assertFalse(Thread.currentThread().isInterrupted());
    }

    @Test
    void keepsAnInterruptThatItDidNotSend() {
        Thread.currentThread().interrupt();
        var guard = stalls.watch(Duration.ofHours(1));

        guard.close();
        guard.close();

        assertTrue(Thread.interrupted());
    }

    @Test
    void neverInterruptsAThreadThatHasClosedItsGuard() throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
        try (var eager = new StallWatch(Duration.ofNanos(1))) {

            List<Hits> hits = Gather.all(Collections.nCopies(16, () -> hammer(eager, end)));

            assertEquals(0, hits.stream().mapToInt(Hits::late).sum());
            assertTrue(hits.stream().mapToInt(Hits::inTime).sum() > 100, hits::toString);
        }
    }

    private record Hits(int inTime, int late) {
    }

    /// Closes guards at about the moment at which they are looked at, over and over.
    private static Hits hammer(StallWatch eager, long endNanos) {
        int inTime = 0;
        int late = 0;
        while (System.nanoTime() < endNanos) {
            try (var guard = eager.watch(Duration.ofNanos(1))) {
                Thread.yield();
                inTime += guard.hasStalled() ? 1 : 0;
            }
            Thread.yield();
            late += Thread.interrupted() ? 1 : 0;
        }
        return new Hits(inTime, late);
    }

    @Test
    void watchesAgainAfterAnIdleTime() {
        for (int i = 0; i < 3; i++) {
            try (var guard = stalls.watch(Duration.ofMillis(1))) {
                assertThrows(InterruptedException.class, () -> new CountDownLatch(1).await());
                assertTrue(guard.hasStalled());
            }
        }
    }

    @Test
    void refusesALimitOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> stalls.watch(Duration.ZERO));
    }
}
