package dev.heddle.lab;

import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Failure.Kind.UPSTREAM_BROKEN;
import static dev.heddle.web.Failure.Kind.UPSTREAM_SLOW;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;
import dev.heddle.gates.Unavailable;
import dev.heddle.upstream.Upstream;
import dev.heddle.upstream.Upstreams;
import dev.heddle.web.Failure;
import dev.heddle.web.Parameter;
import dev.heddle.web.Route;

import tools.jackson.databind.node.ObjectNode;

/// Experiments that call other people's APIs: one, several at once, many a few at a time. What they say is passed on as
/// it stands.
final class UpstreamRoutes {
    private static final Parameter<String> USERNAME = Parameter.segment("username", 39, "Whose account at GitHub.");
    private static final int CALLS = 100;
    private static final int AT_ONCE = 10;

    private final Upstreams upstreams;

    UpstreamRoutes(Upstreams upstreams) {
        this.upstreams = upstreams;
    }

    List<Route> routes() {
        return List.of(
                calling("/github/{username}", "Read an account at GitHub.").with(USERNAME).gives(Object.class)
                        .fails(NOT_FOUND).handledBy(request -> upstreams.github().user(request.value(USERNAME))),
                calling("/fetch-data", "Read the account `python` at GitHub.").gives(Object.class)
                        .handledBy(_ -> upstreams.github().user("python")),
                calling("/external-data", "Read a post of the posts API.").gives(Object.class)
                        .handledBy(_ -> post()),
                calling("/external-api", "Read the data of the external API.").gives(Object.class)
                        .handledBy(_ -> external()),
                calling("/fetch-multiple", "Read three accounts at once.").givesList(Object.class)
                        .handledBy(_ -> users("octocat", "torvalds", "gvanrossum")),
                calling("/concurrent-fetch", "Read three accounts at once.").gives(Results.class)
                        .handledBy(_ -> new Results(users("python", "google", "microsoft"))),
                calling("/task-group", "Read three accounts at once; the first failure cancels the rest.")
                        .gives(Results.class)
                        .handledBy(_ -> new Results(users("octocat", "torvalds", "gvanrossum"))),
                calling("/concurrent-with-limit", "A hundred calls, at most ten at once.").gives(Limited.class)
                        .handledBy(_ -> limited()),
                Route.get("/merge", "Ask three APIs at once; one that fails is told as an error.").gives(Merged.class)
                        .handledBy(_ -> merge()));
    }

    private static Route.Draft calling(String path, String summary) {
        return Route.get(path, summary).fails(UPSTREAM_BROKEN, UPSTREAM_SLOW);
    }

    private ObjectNode post() throws InterruptedException {
        return there(upstreams.posts(), "posts", "1");
    }

    private ObjectNode external() throws InterruptedException {
        return there(upstreams.external(), "data");
    }

    /// What an upstream of that kind must have; where it has not, it is not what the settings say.
    private static ObjectNode there(Upstream upstream, String... segments) throws InterruptedException {
        return upstream.get(segments).orElseThrow(
                () -> Failure.of(UPSTREAM_BROKEN, upstream.name() + " has no " + String.join("/", segments)));
    }

    private List<Object> users(String... logins) throws InterruptedException {
        return Gather.named("github").all(Gather.each(List.of(logins), upstreams.github()::user));
    }

    /// What was answered, in the order of the questions.
    record Results(List<Object> results) {}

    /// How many calls were made, and how many of them at once at most.
    record Limited(int count, int peak) {}

    private Limited limited() throws InterruptedException {
        var peak = new Peak();
        Callable<ObjectNode> call = () -> peak.count(this::external);
        List<ObjectNode> answers = Gather.named("limited").limit(AT_ONCE).all(Collections.nCopies(CALLS, call));
        return new Limited(answers.size(), peak.most());
    }

    /// What each of three said, or why not.
    record Merged(Object github, Object posts, Object external) {}

    /// Why something is not there.
    record Refusal(String error) {}

    private Merged merge() throws InterruptedException {
        List<Callable<Object>> calls = List.of(() -> upstreams.github().user("octocat"), this::post, this::external);
        List<Object> answers = Gather.named("merge").settle(calls).stream().map(UpstreamRoutes::orRefusal).toList();
        // An API that fails is one thing; that the caller's own time is up is another.
        Deadline.current().check();
        return new Merged(answers.get(0), answers.get(1), answers.get(2));
    }

    private static Object orRefusal(Outcome<Object> outcome) {
        return switch (outcome) {
            case Outcome.Success(Object value) -> value;
            case Outcome.Failure(Failure told) -> new Refusal(told.getMessage());
            case Outcome.Failure(Unavailable told) -> new Refusal(told.getMessage());
            case Outcome.Failure(DeadlinePassed told) -> new Refusal(told.getMessage());
            case Outcome.Failure<Object> bug -> bug.orThrow();
        };
    }

    /// Counts how many are at something at once, and remembers the most there ever were. Thread-safe.
    private static final class Peak {
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();

        <T> T count(Callable<T> work) throws Exception {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                return work.call();
            } finally {
                now.decrementAndGet();
            }
        }

        int most() {
            return most.get();
        }
    }
}
