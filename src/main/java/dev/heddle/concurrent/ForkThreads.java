package dev.heddle.concurrent;

import java.lang.ScopedValue.CallableOp;

/// Which threads [Gather] forks: virtual ones, unless the work at hand was told to stay on platform threads.
public final class ForkThreads {
    private static final ScopedValue<Boolean> PLATFORM = ScopedValue.newInstance();

    private ForkThreads() {
    }

    /// Runs `work`, in which, and in all that it forks, every fork is a platform thread.
    public static <T, X extends Throwable> T platform(CallableOp<T, X> work) throws X {
        return ScopedValue.where(PLATFORM, true).call(work);
    }

    static boolean arePlatform() {
        return PLATFORM.isBound();
    }
}
