package dev.heddle.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/// Allows one retry for every ten calls, so that retries add at most a tenth to the load of an upstream that is failing
/// (Google, "Site Reliability Engineering", chapter 21, "Client-side throttling and retries"). What is not used is saved
/// up to ten retries. Thread-safe.
final class RetryBudget {
    private static final int CALLS_FOR_A_RETRY = 10;
    private static final int MOST_SAVED = 10 * CALLS_FOR_A_RETRY;

    private final AtomicInteger calls = new AtomicInteger();

    /// A call was made that is no retry.
    void feed() {
        // Most of the time all is well and the purse is full: then there is nothing to write.
        if (calls.get() < MOST_SAVED) {
            calls.incrementAndGet();
        }
    }

    /// Whether a retry may be made; it is taken off the budget then.
    boolean take() {
        return calls.getAndUpdate(
                saved -> saved >= CALLS_FOR_A_RETRY ? saved - CALLS_FOR_A_RETRY : saved) >= CALLS_FOR_A_RETRY;
    }
}
