package dev.heddle.users;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

import dev.heddle.cache.Cache;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.concurrent.Outcome;
import dev.heddle.upstream.Github;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

/// The pictures that people have at GitHub, where their login is taken to be their username in lower case. Kept for an
/// hour, and that there is none as well: most people have none, and GitHub answers but a few questions an hour.
public final class Avatars {
    private static final int MOST = 10_000;
    private static final Duration KEPT = Duration.ofHours(1);

    private final Github github;
    private final Cache<String, Optional<String>> cache = new Cache<>(MOST, KEPT);

    public Avatars(Github github) {
        this.github = github;
    }

    /// `users` with their pictures, all asked for at once. One that cannot be found out is null, and no failure.
    List<UserWithAvatar> of(List<User> users) throws InterruptedException {
        List<Outcome<Optional<String>>> avatars = Gather.named("avatars")
                .settle(Gather.each(users, user -> avatar(user.username().toLowerCase(Locale.ROOT))));
        // GitHub may fail, but that the caller's own time is up is not to be hidden.
        Deadline.current().check();
        return IntStream.range(0, users.size())
                .mapToObj(i -> UserWithAvatar.of(users.get(i), known(avatars.get(i)).orElse(null))).toList();
    }

    private static Optional<String> known(Outcome<Optional<String>> outcome) {
        return switch (outcome) {
            case Outcome.Success(Optional<String> avatar) -> avatar;
            case Outcome.Failure<Optional<String>> _ -> Optional.empty();
        };
    }

    private Optional<String> avatar(String login) {
        return cache.get(login, () -> ask(login)).value();
    }

    private Optional<String> ask(String login) {
        try {
            return Optional.ofNullable(github.user(login).path("avatar_url").stringValue(null));
        } catch (Failure failure) {
            if (failure.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw failure;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Interrupted.because(e);
        }
    }
}
