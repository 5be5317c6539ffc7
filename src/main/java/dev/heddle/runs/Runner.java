package dev.heddle.runs;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;

import dev.heddle.claims.Claim;
import dev.heddle.claims.Ending;
import dev.heddle.claims.Endings;
import dev.heddle.claims.Ledger;
import dev.heddle.claims.Ledger.Leased;
import dev.heddle.claims.Sweep;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.db.Database;
import dev.heddle.gates.Unavailable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;

/// Runs due tasks of the kinds that this node has the skill for, each on a virtual thread of its own.
///
/// db-scheduler polls, keeps the leases of what runs alive, and finds those whose node is gone; what is written of a task
/// is [Ledger]'s.
public final class Runner implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Runner.class.getName());
    private static final int MOST_MISSED = 4;
    private static final int MOST_LOSSES = 100;
    private static final int MOST_WRITES = 60;
    private static final Duration COUNT_PATIENCE = Duration.ofMillis(500);
    private static final Duration WRITE_PAUSE = Duration.ofMillis(500);
    // What a task's end means to its lease is written with the end itself.
    private static final CompletionHandler<Claim> NOTHING_MORE = (_, _) -> {
    };

    private final Ledger ledger;
    private final Endings endings;
    private final Places places;
    private final Changes changes = new Changes();
    private final Watch watch;
    private final Rounds sweeps;
    private final Scheduler scheduler;
    private final String node = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    private final ReentrantLock claiming = new ReentrantLock();
    // Guarded by the lock of who is claiming.
    private boolean isPaused;
    private volatile long waiting;
    private volatile boolean isClosed;

    /// Prepares to run what `skills` know.
    public Runner(Database db, RunSettings settings, List<Skill> skills) {
        this.ledger = new Ledger(db);
        this.endings = new Endings(db, settings.backoff(), settings.longestBackoff());
        this.places = new Places(skills);
        this.watch = new Watch(ledger, changes, settings);
        this.sweeps = new Rounds("task-sweep", settings.prune(), new Sweep(db, settings.keep())::run);
        this.scheduler = Scheduler.create(db.dataSource(), skills.stream().<Task<?>>map(this::task).toList())
                .schedulerName(new SchedulerName.Fixed(node))
                .jdbcCustomization(new Due(this::claim))
                .threads(Math.max(1, places.size())).pollUsingLockAndFetch(0.5, 1.0)
                .executorService(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("task ", 1).factory()))
                .pollingInterval(settings.poll())
                .heartbeatInterval(settings.heartbeat()).missedHeartbeatsLimit(MOST_MISSED)
                .deleteUnresolvedAfter(Duration.ofDays(36_500))
                .shutdownMaxWait(settings.grace())
                .build();
    }

    public void start() {
        watch.start();
        sweeps.start();
        scheduler.start();
    }

    /// Looks for due tasks at once.
    public void wake() {
        scheduler.triggerCheckForDueExecutions();
    }

    /// There is a new or renewed task.
    public void renewed(UUID id) {
        changes.tell(id);
        wake();
    }

    /// A task was cancelled; if it runs here, it is interrupted at once.
    public void cancelled(UUID id) {
        watch.interrupt(id);
        changes.tell(id);
    }

    /// Claims no more, once it returns.
    public void pause() {
        scheduler.pause();
        claiming.lock();
        try {
            isPaused = true;
        } finally {
            claiming.unlock();
        }
    }

    /// Where changes of tasks are waited for.
    public Changes changes() {
        return changes;
    }

    public Ledger ledger() {
        return ledger;
    }

    /// How many tasks wait to be run, on any node: counted now, or as last known while the database does not answer.
    public long waiting() {
        try {
            waiting = Deadline.in(COUNT_PATIENCE).call(ledger::waiting);
        } catch (Unavailable | DeadlinePassed e) {
            LOG.log(Level.DEBUG, "event=tasks_not_counted", e);
        }
        return waiting;
    }

    /// How many tasks this node runs now.
    public int running() {
        return watch.size();
    }

    /// Claims no more, grants what runs some time, interrupts the rest and hands it back.
    @Override
    public void close() {
        sweeps.close();
        scheduler.stop();
        watch.close();
        isClosed = true;
    }

    /// Called by db-scheduler's one polling thread only.
    private List<Leased> claim(Instant now) {
        claiming.lock();
        try {
            Map<String, Integer> free = places.free();
            return isPaused || free.isEmpty() ? List.of() : claim(free, now);
        } finally {
            claiming.unlock();
        }
    }

    private List<Leased> claim(Map<String, Integer> free, Instant now) {
        List<Leased> claimed = ledger.claim(free, node, now);
        places.take(free, claimed.stream().map(leased -> leased.claim().kind()).toList());
        claimed.forEach(leased -> changes.tell(leased.claim().id()));
        return claimed;
    }

    private Task<Claim> task(Skill skill) {
        return Tasks.custom(skill.kind(), Claim.class).onDeadExecution(this::revive).execute((instance, _) -> {
            run(skill, instance.getData());
            return NOTHING_MORE;
        });
    }

    /// The node that had the task is gone, or seems to be: its lease is free, and its task for the next claim.
    private void revive(ExecutionComplete last, ExecutionOperations<Claim> lease) {
        LOG.log(Level.INFO, "event=task_orphaned task=" + last.getExecution().getId());
        try {
            // It keeps its place in the line.
            lease.reschedule(last, last.getExecution().getExecutionTime());
            wake();
        } catch (ExecutionException e) {
            LOG.log(Level.DEBUG, "event=orphan_taken another node saw it, too", e);
        }
    }

    private void run(Skill skill, Claim claim) {
        try {
            settle(skill, claim);
        } finally {
            if (places.leave(skill.kind())) {
                wake();
            }
        }
    }

    private void settle(Skill skill, Claim claim) {
        var one = new Try(claim);
        watch.add(one);
        try {
            Ending ending = claim.losses() >= MOST_LOSSES
                    ? new Ending.Failed("it was begun " + MOST_LOSSES + " times and never came to an end", true)
                    : skill.worker().run(one);
            one.over();
            write(skill, one, ending);
            changes.tell(claim.id());
        } finally {
            watch.remove(one);
        }
    }

    /// What the work has come to must not be lost because the database is away for a while.
    private void write(Skill skill, Try one, Ending ending) {
        for (int writes = 1;; writes++) {
            try {
                if (!endings.write(one.claim(), one.reached(), ending, skill.tries())) {
                    LOG.log(Level.INFO, "event=try_dropped task=" + one.claim().id() + " attempt="
                            + one.claim().attempt());
                }
                return;
            } catch (Unavailable | DeadlinePassed | CancellationException e) {
                if (writes == MOST_WRITES || isClosed) {
                    throw e;
                }
                rest();
            }
        }
    }

    /// Whoever stops the node may interrupt here, too; the end is written all the same.
    private static void rest() {
        Thread.interrupted();
        try {
            Thread.sleep(WRITE_PAUSE);
        } catch (InterruptedException _) {
            // Only the pause is shorter.
        }
    }
}
