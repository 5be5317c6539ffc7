package dev.heddle.tasks;

import java.util.concurrent.CancellationException;

import dev.heddle.claims.Claim.Reached;
import dev.heddle.db.Database;
import dev.heddle.db.Tx;
import dev.heddle.runs.Try;

/// One try of a task, as its work sees it. Thread-safe, so that what the work gathers can use it, too.
public final class Run {
    private final Database db;
    private final Tasks tasks;
    private final Try one;

    Run(Database db, Tasks tasks, Try one) {
        this.db = db;
        this.tasks = tasks;
        this.one = one;
    }

    /// What the work is to be done with, as JSON.
    String data() {
        return tasks.ledger().data(one.claim());
    }

    public String taskId() {
        return one.claim().id().toString();
    }

    /// The task's name, which whoever enqueued it may have chosen.
    public String name() {
        return one.claim().name();
    }

    /// 1, 2, …: how often the task was begun.
    public int attempt() {
        return one.claim().attempt();
    }

    /// Says that `current` steps of `total` are done. Returns at once: it is written some tenths of a second later, at
    /// once with the end of the try. What would go back behind an earlier report, of an earlier try even, is not shown.
    ///
    /// @throws IllegalArgumentException unless 0 ≤ `current` ≤ `total` ≤ 3 × 10⁹
    public void progress(long current, long total) {
        one.progress(new Reached(current, total));
    }

    /// Does `work` in one transaction that is committed only while this try still owns the task, so that a try that was
    /// cancelled, or whose node was thought dead, changes nothing any more. Holds the task's row meanwhile: keep it short.
    ///
    /// @throws CancellationException if the task is this try's no more; the try should end, and what it did here is not done
    public <T> T inTransaction(Tx.Work<T> work) {
        return db.inTransaction(tx -> {
            if (!tasks.ledger().hold(one.claim())) {
                throw new CancellationException("the task is not this try's any more");
            }
            return work.run(tx);
        });
    }

    /// Enqueues another task, if this try still owns its own; fails as [#inTransaction] and [Tasks#enqueue] do.
    public Task enqueue(NewTask task) {
        return inTransaction(_ -> tasks.enqueue(task));
    }
}
