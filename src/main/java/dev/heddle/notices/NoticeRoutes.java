package dev.heddle.notices;

import static dev.heddle.web.Parameter.from;

import java.util.List;
import java.util.Optional;

import dev.heddle.mail.Address;
import dev.heddle.mail.Mail;
import dev.heddle.pages.Cursors;
import dev.heddle.pages.Page;
import dev.heddle.tasks.NewTask;
import dev.heddle.tasks.Task;
import dev.heddle.tasks.Tasks;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What can be asked to be mailed.
public final class NoticeRoutes {
    private static final int MOST_ADDRESSES = 10_000;
    private static final String DEFAULT_MESSAGE = "You have a notification.";
    private static final Parameter<String> EMAIL = Parameter.segment("email", 254, "To whom.");
    private static final Parameter<Optional<String>> MESSAGE = Parameter.optionalText("message", 1_000,
            "What to write, where the body does not say it.");
    private static final Parameter<Optional<String>> SUBJECT = Parameter.optionalText("subject", Mail.LONGEST_SUBJECT,
            "The subject, where the body does not say it.");
    private static final Parameter<Optional<String>> TEMPLATE = Parameter.optionalText("template", 4_000,
            "The template, where the body does not say it.");
    private static final Parameter<Optional<String>> CURSOR = Parameter.optionalText("cursor", 200,
            "The `next_cursor` of the page before.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, from(1, 1_000), "How many at most.");

    private final Notices notices;
    private final Tasks tasks;
    private final Cursors.Scope cursors;

    public NoticeRoutes(Notices notices, Tasks tasks, Cursors cursors) {
        this.notices = notices;
        this.tasks = tasks;
        this.cursors = cursors.scope("activity");
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/send-notification/{email}", "Send a mail in the background.").with(EMAIL, MESSAGE)
                        .mayTake(NotificationBody.class).accepts(NotificationAccepted.class).handledBy(this::notify),
                Route.post("/send-bulk-emails", "Send a mail to each of many addresses in the background, once each.")
                        .with(SUBJECT, TEMPLATE).takesOrTexts(BulkBody.class, MOST_ADDRESSES)
                        .accepts(BulkAccepted.class).handledBy(this::sendMany),
                Route.get("/activity", "List what was done, the newest first.").with(CURSOR, LIMIT)
                        .givesPage(Activity.class).handledBy(this::activity));
    }

    @Valid
    record NotificationBody(@Size(max = Mail.LONGEST_BODY) @Nullable String message) {}

    record NotificationAccepted(String message, String email, String taskId) {}

    private Object notify(Request request) {
        String email = request.value(EMAIL);
        if (!Address.isAddress(email)) {
            throw Failure.invalid(new FieldError(List.of("path", "email"),
                    "must be an e-mail address of ASCII characters", "email"));
        }
        String message = request.optionalBody(NotificationBody.class).flatMap(body -> Optional.ofNullable(body.message))
                .or(() -> request.value(MESSAGE)).orElse(DEFAULT_MESSAGE);
        Task task = notices.notify(tasks, new Address(email), message);
        return Reply.of(new NotificationAccepted("Notification will be sent", email, task.taskId()))
                .at("/tasks/" + task.taskId());
    }

    record BulkAccepted(String taskId, int totalEmails) {}

    private Object sendMany(Request request) {
        BulkBody said = request.body(BulkBody.class);
        List<FieldError> errors = said.errors();
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors);
        }
        String subject = said.subject() == null ? subject(request) : said.subject();
        String template = said.template() == null ? template(request) : said.template();
        List<Address> addresses = said.addresses();
        var unique = new BulkBody(addresses.stream().map(Address::text).toList(), subject, template);
        Task task = tasks.enqueue(NewTask.of(Notices.SEND_BULK, unique));
        return Reply.of(new BulkAccepted(task.taskId(), addresses.size())).at("/tasks/" + task.taskId());
    }

    private static String subject(Request request) {
        String subject = request.value(SUBJECT).orElse(Notices.SUBJECT);
        if (!Mail.isSubject(subject)) {
            throw Failure.invalid(new FieldError(List.of("query", "subject"),
                    "must be one line without control characters", "single_line"));
        }
        return subject;
    }

    private static String template(Request request) {
        String template = request.value(TEMPLATE).filter(text -> !text.isEmpty())
                .orElseThrow(() -> Failure.invalid(
                        new FieldError(List.of("body", "template"), "is required, here or in the query", "missing")));
        if (!Template.isTemplate(template)) {
            throw Failure.invalid(
                    new FieldError(List.of("query", "template"), Template.RULE.split("[|]")[1], "template"));
        }
        return template;
    }

    private Object activity(Request request) {
        long before = cursors.read(request.value(CURSOR));
        int limit = request.value(LIMIT);
        List<Activity> found = notices.activities().list(before == 0 ? Long.MAX_VALUE : before, limit + 1);
        return Page.of(found, limit, Activity::id, cursors);
    }
}
