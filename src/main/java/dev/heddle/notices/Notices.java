package dev.heddle.notices;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import dev.heddle.db.Database;
import dev.heddle.mail.Address;
import dev.heddle.mail.Mail;
import dev.heddle.mail.Mailer;
import dev.heddle.notices.Mails.Counts;
import dev.heddle.notices.Mails.Trouble;
import dev.heddle.notices.Mails.Waiting;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.NewTask;
import dev.heddle.tasks.Rules;
import dev.heddle.tasks.Run;
import dev.heddle.tasks.Task;
import dev.heddle.tasks.TaskRefused;
import dev.heddle.tasks.Tasks;
import dev.heddle.web.Failure;

/// What notices do in the background, as kinds of tasks.
public final class Notices {
    /// Data: [EmailData].
    static final String SEND_EMAIL = "send-email";
    /// Data: [BulkBody].
    static final String SEND_BULK = "send-bulk-emails";
    /// Data: [Entry].
    static final String WRITE_ACTIVITY = "write-activity";

    /// Where nobody names another.
    static final String SUBJECT = "Notification";
    private static final int MOST_TROUBLES = 100;

    // A mail server that is away may come back within the half hour that fourteen ever longer pauses are.
    private static final Rules ONE = new Rules(8, 15, Duration.ofMinutes(15));
    private static final Rules MANY = new Rules(2, 15, Duration.ofHours(2));
    private static final Rules ENTRY = new Rules(4, 15, Duration.ofSeconds(30));

    private final Database db;
    private final Mails mails;
    private final Activities activities;
    private final Mailer mailer;

    public Notices(Database db, Mailer mailer) {
        this.db = db;
        this.mails = new Mails(db);
        this.activities = new Activities(db);
        this.mailer = mailer;
    }

    /// What the log of activity shall say.
    record Entry(String entry) {}

    /// The result of a single mail.
    record Sent(String to, boolean sent) {}

    /// The result of many mails. `troubles` are the first hundred that failed or of which it is not known.
    record BulkSent(int sent, int failed, int unknown, List<Trouble> troubles) {
        BulkSent {
            troubles = List.copyOf(troubles);
        }
    }

    public List<Kind<?>> kinds() {
        return List.of(new Kind<>(SEND_EMAIL, EmailData.class, ONE, this::sendOne),
                new Kind<>(SEND_BULK, BulkBody.class, MANY, this::sendMany),
                new Kind<>(WRITE_ACTIVITY, Entry.class, ENTRY, this::writeEntry).internal());
    }

    /// Sends one mail by a task, which it returns, and writes of it in the log of activity by another: both or none.
    Task notify(Tasks tasks, Address to, String message) {
        return db.inTransaction(_ -> {
            Task task = tasks.enqueue(NewTask.of(SEND_EMAIL, new EmailData(to.text(), SUBJECT, message)));
            tasks.enqueue(NewTask.of(WRITE_ACTIVITY, new Entry("notification for " + to.text() + " accepted")));
            return task;
        });
    }

    /// The log of activity.
    Activities activities() {
        return activities;
    }

    private Sent sendOne(EmailData data, Run run) throws InterruptedException {
        UUID taskId = UUID.fromString(run.taskId());
        var to = new Address(data.to());
        run.inTransaction(_ -> {
            mails.list(taskId, List.of(to));
            mails.giveUpBegun(taskId);
            // It is tried again after it failed only if somebody asks for it.
            mails.tryFailedAgain(taskId);
            return true;
        });
        var dispatch = new Dispatch(mails, mailer, run, waiting -> mail(waiting, data.subject(), data.body()));
        dispatch.send();
        Counts counts = mails.count(taskId);
        if (counts.sent() == 1) {
            return new Sent(to.text(), true);
        }
        String reason = mails.troubles(taskId, 1).getFirst().reason();
        if (counts.pending() > 0) {
            throw Failure.of(Failure.Kind.UPSTREAM_BROKEN, "the mail is still to be sent: " + reason);
        }
        throw new TaskRefused(counts.failed() == 1
                ? "the mail was not sent: " + reason
                : "the mail may have been sent or not, so it is not sent again: " + reason);
    }

    private BulkSent sendMany(BulkBody data, Run run) throws InterruptedException {
        UUID taskId = UUID.fromString(run.taskId());
        Template template = template(data);
        String subject = data.subject() == null ? SUBJECT : data.subject();
        List<Address> addresses = data.addresses();
        run.inTransaction(_ -> {
            mails.list(taskId, addresses);
            mails.giveUpBegun(taskId);
            return true;
        });
        var dispatch = new Dispatch(mails, mailer, run,
                waiting -> mail(waiting, subject, template.filledFor(waiting.to())));
        dispatch.send();
        Counts counts = mails.count(taskId);
        if (counts.pending() > 0) {
            throw Failure.of(Failure.Kind.UPSTREAM_BROKEN, counts.pending() + " of " + counts.all()
                    + " mails are still to be sent: " + dispatch.lastReason());
        }
        return new BulkSent(counts.sent(), counts.failed(), counts.unknown(),
                mails.troubles(taskId, MOST_TROUBLES));
    }

    private boolean writeEntry(Entry data, Run run) {
        return run.inTransaction(_ -> {
            activities.write(UUID.fromString(run.taskId()), data.entry());
            return true;
        });
    }

    private static Mail mail(Waiting waiting, String subject, String body) {
        return new Mail(waiting.taskId() + "." + waiting.position(), waiting.to(), subject, body);
    }

    /// The constraints of [BulkBody] do not say all, because a template may stand elsewhere in a request.
    private static Template template(BulkBody data) {
        if (data.template() == null) {
            throw new TaskRefused("template is required");
        }
        if (!data.errors().isEmpty()) {
            throw new TaskRefused(String.valueOf(data.errors().getFirst()));
        }
        return new Template(data.template());
    }
}
