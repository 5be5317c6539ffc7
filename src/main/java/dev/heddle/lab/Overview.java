package dev.heddle.lab;

import static dev.heddle.lab.Waits.secondsSince;

import java.util.List;
import java.util.stream.Stream;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;
import dev.heddle.upstream.Github;
import dev.heddle.users.User;
import dev.heddle.users.Users;
import dev.heddle.web.Route;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The database and GitHub, asked at once. Accounts that GitHub does not tell of just now are left out.
final class Overview {
    private static final List<String> LOGINS = List.of("octocat", "torvalds");
    private static final int MOST_USERS = 100;

    private final Users users;
    private final Github github;

    Overview(Users users, Github github) {
        this.users = users;
        this.github = github;
    }

    Route route() {
        return Route.get("/overview", "Users of ours and accounts at GitHub, asked for at once.").gives(Everybody.class)
                .handledBy(_ -> everybody());
    }

    /// Somebody, here or at GitHub.
    record Somebody(long id, String name, boolean github, @Nullable String avatar) {}

    /// Ours first, then GitHub's.
    record Everybody(List<Somebody> users, double processingTime, int totalUsers) {}

    private Everybody everybody() throws InterruptedException {
        long start = System.nanoTime();
        List<Somebody> all = Gather.named("overview").combine(() -> users.list(0, MOST_USERS), this::accounts,
                (ours, theirs) -> Stream.concat(ours.stream().map(Overview::here), theirs.stream()).toList());
        return new Everybody(all, secondsSince(start), all.size());
    }

    private List<Somebody> accounts() throws InterruptedException {
        List<Outcome<Somebody>> outcomes = Gather.named("github")
                .settle(Gather.each(LOGINS, login -> there(github.user(login))));
        Deadline.current().check();
        return outcomes.stream().flatMap(outcome -> switch (outcome) {
            case Outcome.Success(Somebody account) -> Stream.of(account);
            case Outcome.Failure<Somebody> _ -> Stream.<Somebody>of();
        }).toList();
    }

    private static Somebody here(User user) {
        return new Somebody(user.id(), user.username(), false, null);
    }

    private static Somebody there(ObjectNode account) {
        return new Somebody(account.path("id").asLong(0), account.path("login").asString(""), true,
                account.path("avatar_url").stringValue(null));
    }
}
