package dev.heddle.concurrent;

import java.lang.ScopedValue.CallableOp;
import java.time.Duration;

/// The moment by which the work at hand must be done, inherited by everything that the work calls and forks.
///
/// Bound as a `ScopedValue`, so that a nested deadline can only be sooner than the one around it. Immutable.
public final class Deadline {
    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Deadline NEVER = new Deadline(System.nanoTime() + LONGEST.toNanos());

    private final long atNanos;

    private Deadline(long atNanos) {
        this.atNanos = atNanos;
    }

    /// The deadline of the work at hand; ten years ahead, which no wait reaches, where none was set.
    public static Deadline current() {
        return CURRENT.orElse(NEVER);
    }

    /// The moment `duration` from now; a negative duration has passed already, one over ten years counts as ten years.
    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + bounded(duration).toNanos());
    }

    /// Keeps every difference of two deadlines within the 292 years that a `long` of nanoseconds holds.
    private static Duration bounded(Duration duration) {
        if (duration.isNegative()) {
            return Duration.ZERO;
        }
        return duration.compareTo(LONGEST) > 0 ? LONGEST : duration;
    }

    /// Runs `work` with this deadline, or with the current one if that is sooner, and returns its result.
    public <T, X extends Throwable> T call(CallableOp<T, X> work) throws X {
        return isSoonerThan(current()) ? ScopedValue.where(CURRENT, this).call(work) : work.call();
    }

    /// Runs `work` with this deadline, or with the current one if that is sooner.
    public void run(Runnable work) {
        if (isSoonerThan(current())) {
            ScopedValue.where(CURRENT, this).run(work);
        } else {
            work.run();
        }
    }

    boolean isSoonerThan(Deadline other) {
        return atNanos - other.atNanos < 0;
    }

    /// Nanoseconds until the deadline; zero once it has passed, never negative.
    public long nanosLeft() {
        return Math.max(0, atNanos - System.nanoTime());
    }

    /// Time until the deadline; zero once it has passed.
    public Duration timeLeft() {
        return Duration.ofNanos(nanosLeft());
    }

    /// Whether this stands where none was set.
    public boolean isNever() {
        return this == NEVER;
    }

    public boolean isPassed() {
        return nanosLeft() == 0;
    }

    /// @throws DeadlinePassed if the deadline has passed
    public void check() {
        if (isPassed()) {
            throw new DeadlinePassed();
        }
    }

    @Override
    public String toString() {
        return "in " + timeLeft();
    }
}
