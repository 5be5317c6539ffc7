package dev.heddle.notices;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;
import dev.heddle.gates.Unavailable;
import dev.heddle.mail.Delivery;
import dev.heddle.mail.Delivery.End;
import dev.heddle.mail.Mail;
import dev.heddle.mail.Mailer;
import dev.heddle.notices.Mails.State;
import dev.heddle.notices.Mails.Waiting;
import dev.heddle.tasks.Run;

/// Sends those mails of one task that are still to be sent, several at once, each at most once.
///
/// Before each, it is committed that it is being sent, by a try that still owns the task; so whoever finds a mail
/// being sent after a crash knows that it may be out, and gives it up instead of sending it again. That order, and
/// nothing the mail server does, is what keeps an address from getting two mails; its price is that a mail can end
/// unknown.
///
/// It stops early where no mail would fare better: where there is no server, or twenty mails one after the other were
/// put off or went unanswered. What is left waits for the next try of the task.
final class Dispatch {
    private static final int MOST_TRIES = 10;
    private static final int MOST_IN_VAIN = 20;
    private static final int MOST_WRITES = 20;
    private static final Duration WRITE_PAUSE = Duration.ofMillis(500);

    private final Mails mails;
    private final Mailer mailer;
    private final Run run;
    private final UUID taskId;
    private final Function<Waiting, Mail> letters;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger inVain = new AtomicInteger();
    private volatile boolean isOver;
    private volatile String lastReason = "";

    /// `letters` makes the mail to each address.
    Dispatch(Mails mails, Mailer mailer, Run run, Function<Waiting, Mail> letters) {
        this.mails = mails;
        this.mailer = mailer;
        this.run = run;
        this.taskId = UUID.fromString(run.taskId());
        this.letters = letters;
    }

    /// Sends what it can; returns when nothing is under way any more.
    ///
    /// @throws RuntimeException why it could not go on, if that is not for the mail server to mend
    void send() throws InterruptedException {
        Queue<Waiting> queue = new ConcurrentLinkedQueue<>(mails.waiting(taskId));
        int total = mails.count(taskId).all();
        done.set(total - queue.size());
        run.progress(done.get(), total);
        Callable<Integer> sender = () -> sendAll(queue, total);
        int senders = Math.min(mailer.atOnce(), queue.size());
        // Each ends its mail whatever befalls the others, since to cut it off would leave unknown what became of it.
        List<Outcome<Integer>> outcomes = Gather.named("mails").settle(Collections.nCopies(senders, sender));
        outcomes.forEach(Outcome::orThrow);
    }

    /// Why the last mail that was not sent was not; empty if all were.
    String lastReason() {
        return lastReason;
    }

    private int sendAll(Queue<Waiting> queue, int total) throws InterruptedException {
        int count = 0;
        boolean isDone = false;
        try {
            for (Waiting next = queue.poll(); next != null && !isOver; next = queue.poll()) {
                sendOne(next, total);
                count++;
            }
            isDone = true;
            return count;
        } finally {
            if (!isDone) {
                isOver = true;
            }
        }
    }

    private void sendOne(Waiting waiting, int total) throws InterruptedException {
        Mail mail = letters.apply(waiting);
        if (!run.inTransaction(_ -> mails.begin(waiting, run.attempt()))) {
            return;
        }
        Delivery delivery;
        try {
            delivery = mailer.send(mail);
        } catch (InterruptedException | DeadlinePassed e) {
            note(waiting, new Delivery(End.AWAY, "the task ended before its turn came"));
            throw e;
        }
        if (note(waiting, delivery)) {
            run.progress(done.incrementAndGet(), total);
        }
        if (delivery.end() == End.AWAY || inVain(delivery) >= MOST_IN_VAIN) {
            isOver = true;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException();
        }
    }

    private int inVain(Delivery delivery) {
        return switch (delivery.end()) {
            case SENT, REFUSED -> inVain.updateAndGet(_ -> 0);
            case POSTPONED, AWAY, UNKNOWN -> inVain.incrementAndGet();
        };
    }

    /// Notes how the mail ended, and says whether that is for good. What is known must not be lost to an interrupt, or
    /// because the database is away for a while.
    private boolean note(Waiting waiting, Delivery delivery) {
        Mails.End end = end(waiting, delivery);
        if (!delivery.isSent()) {
            lastReason = delivery.reason();
        }
        boolean wasInterrupted = Thread.interrupted();
        try {
            write(waiting, end);
        } finally {
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return end.state() != State.PENDING;
    }

    private static Mails.End end(Waiting waiting, Delivery delivery) {
        return switch (delivery.end()) {
            case SENT -> new Mails.End(State.SENT, true, "");
            case REFUSED -> new Mails.End(State.FAILED, true, delivery.reason());
            case UNKNOWN -> new Mails.End(State.UNKNOWN, true, delivery.reason());
            case AWAY -> new Mails.End(State.PENDING, false, delivery.reason());
            case POSTPONED -> new Mails.End(waiting.tries() + 1 < MOST_TRIES ? State.PENDING : State.FAILED, true,
                    delivery.reason());
        };
    }

    /// Guarded by the mail's own row and not by the task's, which may be another's by now: what is known is known.
    private void write(Waiting waiting, Mails.End end) {
        for (int writes = 1;; writes++) {
            try {
                mails.end(waiting, run.attempt(), end);
                return;
            } catch (Unavailable e) {
                if (writes == MOST_WRITES) {
                    throw e;
                }
                rest();
            }
        }
    }

    private static void rest() {
        try {
            Thread.sleep(WRITE_PAUSE);
        } catch (InterruptedException _) {
            // Only the pause is shorter; who is interrupted here ends as soon as it is written.
            Thread.interrupted();
        }
    }
}
