package dev.heddle.upstream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.gates.Unavailable;

import org.jspecify.annotations.Nullable;

/// Turns calls away while most of them fail: opens when half of the last twenty failed, then lets one call through every
/// five seconds to look, and closes when one of those works.
///
/// Ours, because Helidon's (fault tolerance 4.1.7) counts a call that is neither a success nor a failure as a success, so
/// that anybody with a short deadline could close it; does not say when to come back; and looks at no clock that a test
/// could move, but sleeps on a thread of its own. Thread-safe.
final class Circuit {
    static final int WINDOW = 20;
    static final Duration PAUSE = Duration.ofSeconds(5);
    private static final int MOST_FAILED = WINDOW / 2;

    private final String name;
    private final InstantSource clock;

    // All below is guarded by lock, save that nextLook may be read without it.
    private final ReentrantLock lock = new ReentrantLock();
    private final boolean[] hasFailed = new boolean[WINDOW];
    private int next;
    private int known;
    private int failed;
    private boolean isLooking;
    private volatile @Nullable Instant nextLook;

    Circuit(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    /// @throws Unavailable if the circuit is open and it is not yet time for a look
    void check() {
        Instant look = nextLook;
        if (look != null && clock.instant().isBefore(look)) {
            throw open(look);
        }
    }

    /// Lets one call through, whose end must be told to the pass.
    ///
    /// @throws Unavailable if the circuit is open, and it is not time for a look or another call is having one
    Pass admit() {
        if (nextLook == null) {
            return new Pass(false);
        }
        lock.lock();
        try {
            Instant look = nextLook;
            if (look == null) {
                return new Pass(false);
            }
            if (isLooking || clock.instant().isBefore(look)) {
                throw open(look);
            }
            isLooking = true;
            return new Pass(true);
        } finally {
            lock.unlock();
        }
    }

    boolean isOpen() {
        return nextLook != null;
    }

    private Unavailable open(Instant look) {
        Duration left = Duration.between(clock.instant(), look);
        return new Unavailable(name + " has been failing and is left alone for a while",
                left.isPositive() ? left : Duration.ofSeconds(1));
    }

    private void note(boolean isFailure) {
        failed += (isFailure ? 1 : 0) - (hasFailed[next] ? 1 : 0);
        hasFailed[next] = isFailure;
        next = (next + 1) % WINDOW;
        known = Math.min(WINDOW, known + 1);
        if (known == WINDOW && failed >= MOST_FAILED) {
            nextLook = clock.instant().plus(PAUSE);
        }
    }

    private void closeCircuit() {
        nextLook = null;
        next = 0;
        known = 0;
        failed = 0;
        Arrays.fill(hasFailed, false);
    }

    /// The right to make one call. Used by one thread. If it is closed without a word about how the call ended, then that
    /// was not the upstream's doing and counts as nothing.
    final class Pass implements AutoCloseable {
        private final boolean isLook;
        private boolean isTold;

        private Pass(boolean isLook) {
            this.isLook = isLook;
        }

        void worked() {
            tell(false);
        }

        void failed() {
            tell(true);
        }

        @Override
        public void close() {
            if (isLook && !isTold) {
                lock.lock();
                isLooking = false;
                lock.unlock();
            }
        }

        /// What calls of before the opening still say is no news.
        private void tell(boolean isFailure) {
            isTold = true;
            lock.lock();
            try {
                if (isLook) {
                    endLook(isFailure);
                } else if (nextLook == null) {
                    note(isFailure);
                }
            } finally {
                lock.unlock();
            }
        }

        private void endLook(boolean isFailure) {
            isLooking = false;
            if (isFailure) {
                nextLook = clock.instant().plus(PAUSE);
            } else {
                closeCircuit();
            }
        }
    }
}
