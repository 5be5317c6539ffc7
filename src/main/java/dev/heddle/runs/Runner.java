package dev.heddle.runs;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.heddle.claims.Claim;
import dev.heddle.claims.Ledger;
import dev.heddle.claims.Ledger.Leased;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.db.Database;
import dev.heddle.gates.Unavailable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;

/// Runs due tasks of the kinds that this node has the skill for, each on a virtual thread of its own.
///
/// db-scheduler polls, keeps the leases of what runs alive, and finds those whose node is gone; what is written of a task
/// is [Ledger]'s.
public final class Runner implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Runner.class.getName());
    private static final int MOST_MISSED = 4;
    private static final int MOST_CLAIMS = 100;
    private static final int MOST_WRITES = 60;
    private static final Duration WRITE_PAUSE = Duration.ofMillis(500);
    // What a task's end means to its lease is written with the end itself.
    private static final CompletionHandler<Claim> NOTHING_MORE = (_, _) -> {
    };

    private final Map<String, Skill> skills;
    private final Map<String, AtomicInteger> busy;
    // Kinds of which more may wait than had a place.
    private final Set<String> crowded = ConcurrentHashMap.newKeySet();
    private final RunSettings settings;
    private final Ledger ledger;
    private final Changes changes = new Changes();
    private final Watch watch;
    private final Scheduler scheduler;
    private final String node = ProcessHandle.current().pid() + "-" + UUID.randomUUID();

    /// Prepares to run what `skills` know.
    public Runner(Database db, RunSettings settings, List<Skill> skills) {
        this.settings = settings;
        this.skills = skills.stream().collect(Collectors.toUnmodifiableMap(Skill::kind, Function.identity()));
        this.busy = skills.stream().collect(Collectors.toUnmodifiableMap(Skill::kind, _ -> new AtomicInteger()));
        this.ledger = new Ledger(db);
        this.watch = new Watch(ledger, changes, settings);
        int places = Math.max(1, skills.stream().mapToInt(Skill::atOnce).sum());
        this.scheduler = Scheduler.create(db.dataSource(), skills.stream().<Task<?>>map(this::task).toList())
                .schedulerName(new SchedulerName.Fixed(node))
                .jdbcCustomization(new Due(this::claim))
                .threads(places).pollUsingLockAndFetch(0.5, 1.0)
                .executorService(Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("task ", 1).factory()))
                .pollingInterval(settings.poll())
                .heartbeatInterval(settings.heartbeat()).missedHeartbeatsLimit(MOST_MISSED)
                .deleteUnresolvedAfter(Duration.ofDays(36_500))
                .shutdownMaxWait(settings.grace())
                .build();
    }

    public void start() {
        watch.start();
        scheduler.start();
    }

    /// Looks for due tasks at once.
    public void wake() {
        scheduler.triggerCheckForDueExecutions();
    }

    /// Claims no more.
    public void pause() {
        scheduler.pause();
    }

    /// Where changes of tasks are waited for.
    public Changes changes() {
        return changes;
    }

    public Ledger ledger() {
        return ledger;
    }

    /// How many tasks this node runs now.
    public int running() {
        return watch.size();
    }

    /// Claims no more, grants what runs some time, interrupts the rest and hands it back.
    @Override
    public void close() {
        scheduler.stop();
        watch.close();
    }

    /// Called by db-scheduler's one polling thread only, so nobody else fills the places that are free here.
    private List<Leased> claim(Instant now) {
        var free = new HashMap<String, Integer>();
        skills.forEach((kind, skill) -> {
            crowded.add(kind);
            int places = skill.atOnce() - busy.get(kind).get();
            if (places > 0) {
                free.put(kind, places);
            }
        });
        if (free.isEmpty()) {
            return List.of();
        }
        List<Leased> claimed = ledger.claim(free, node, now);
        for (Leased leased : claimed) {
            busy.get(leased.claim().kind()).incrementAndGet();
            free.merge(leased.claim().kind(), -1, Integer::sum);
            changes.tell(leased.claim().id());
        }
        free.forEach((kind, places) -> {
            if (places > 0) {
                crowded.remove(kind);
            }
        });
        return claimed;
    }

    private Task<Claim> task(Skill skill) {
        return Tasks.custom(skill.kind(), Claim.class).onDeadExecutionRevive().execute((instance, _) -> {
            run(skill, instance.getData());
            return NOTHING_MORE;
        });
    }

    private void run(Skill skill, Claim claim) {
        try {
            settle(skill, claim);
        } finally {
            busy.get(skill.kind()).decrementAndGet();
            if (crowded.contains(skill.kind())) {
                wake();
            }
        }
    }

    private void settle(Skill skill, Claim claim) {
        var one = new Try(claim);
        watch.add(one);
        try {
            Ending ending = claim.attempt() - claim.failures() > MOST_CLAIMS
                    ? new Ending.Failed("it was begun " + MOST_CLAIMS + " times and never came to an end", true)
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
                if (!end(skill, one, ending)) {
                    LOG.log(Level.INFO, "event=try_dropped task=" + one.claim().id() + " attempt="
                            + one.claim().attempt());
                }
                return;
            } catch (Unavailable | DeadlinePassed | CancellationException e) {
                if (writes == MOST_WRITES) {
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

    private boolean end(Skill skill, Try one, Ending ending) {
        Claim claim = one.claim();
        return switch (ending) {
            case Ending.Completed(var result) -> ledger.complete(claim, result, one.reached());
            case Ending.Interrupted() -> ledger.handBack(claim, one.reached());
            case Ending.Failed(var error, var isFinal) -> isFinal || claim.failures() + 1 >= skill.tries()
                    ? ledger.fail(claim, error, one.reached())
                    : ledger.again(claim, error, one.reached(), backoff(claim.failures()));
        };
    }

    /// Doubled with each failure, and up to half as much more or less, so that what failed together is not tried together.
    private Duration backoff(int failures) {
        long longest = settings.longestBackoff().toMillis();
        long doubled = Math.min(longest, settings.backoff().toMillis() << Math.min(failures, 20));
        return Duration
                .ofMillis(Math.min(longest, Math.round(doubled * ThreadLocalRandom.current().nextDouble(0.5, 1.5))));
    }
}
