package dev.heddle.concurrent;

import java.lang.ScopedValue.CallableOp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The moment by which the work at hand must be done, inherited by everything that the work calls and forks.
///
/// Bound as a `ScopedValue`, so that a nested deadline can only be sooner than the one around it. Immutable.
public final class Deadline {
    private static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final long FAR_NANOS = Duration.ofDays(365).toNanos();
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

    private boolean isSoonerThan(Deadline other) {
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

    /// Runs `action` when this deadline passes, unless the guard is closed before.
    ///
    /// It runs on a thread that all deadlines share, so it is short and waits for nothing: it interrupts a thread, it closes
    /// a socket. Costs a tenth of a microsecond where the deadline does not pass.
    public Guard whenPassed(Runnable action) {
        if (nanosLeft() > FAR_NANOS) {
            return Guard.OF_NOTHING;
        }
        var guard = new Guard(this, action);
        Watch.ONLY.add(guard);
        return guard;
    }

    @Override
    public String toString() {
        return "in " + timeLeft();
    }

    /// Stands between a deadline and what happens when it passes. Thread-safe.
    public static final class Guard implements AutoCloseable {
        private static final Guard OF_NOTHING = new Guard(NEVER, () -> {
        });

        private enum State {
            WATCHING, RUN, CLOSED
        }

        private final Deadline deadline;
        private final Runnable action;
        private final AtomicReference<State> state = new AtomicReference<>(State.WATCHING);

        private Guard(Deadline deadline, Runnable action) {
            this.deadline = deadline;
            this.action = action;
        }

        /// Whether the action has been run, or is just being run.
        public boolean hasRun() {
            return state.get() == State.RUN;
        }

        /// From now on the action will not begin.
        @Override
        public void close() {
            if (state.compareAndSet(State.WATCHING, State.CLOSED)) {
                Watch.ONLY.guards.remove(this);
            }
        }

        private void look() {
            if (deadline.isPassed() && state.compareAndSet(State.WATCHING, State.RUN)) {
                Watch.ONLY.guards.remove(this);
                action.run();
            }
        }
    }

    /// One thread that looks at all guards when the soonest of their deadlines that it knows of passes.
    ///
    /// Ours, because each timer of the JDK's wakes its timer thread when it is set and when it is cancelled, which costs as
    /// much as ten trivial calls gathered; a guard that is closed in time wakes nobody. Who adds one writes it down and then
    /// reads when the watch will wake; the watch writes when it will wake and then looks through the guards again: one of
    /// the two sees the other.
    private static final class Watch {
        private static final Logger LOG = System.getLogger(Watch.class.getName());
        private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
        private static final Watch ONLY = new Watch();

        private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
        private volatile Deadline waking = in(Duration.ZERO);
        private final Thread thread = Thread.ofPlatform().daemon().name("deadlines").start(this::run);

        void add(Guard guard) {
            guards.add(guard);
            if (guard.deadline.isSoonerThan(waking)) {
                LockSupport.unpark(thread);
            }
        }

        private void run() {
            while (true) {
                try {
                    sleep();
                    guards.forEach(Guard::look);
                } catch (RuntimeException | Error e) {
                    // Without this thread no deadline would end anything any more, and nobody would notice.
                    LOG.log(Level.ERROR, "event=bug thread=deadlines", e);
                }
            }
        }

        private void sleep() {
            Deadline soonest = soonest();
            waking = soonest;
            if (!soonest().isSoonerThan(soonest)) {
                LockSupport.parkNanos(this, soonest.nanosLeft());
            }
        }

        private Deadline soonest() {
            Deadline soonest = in(LONGEST_SLEEP);
            for (Guard guard : guards) {
                soonest = guard.deadline.isSoonerThan(soonest) ? guard.deadline : soonest;
            }
            return soonest;
        }
    }
}
