package dev.heddle.users;

import java.time.Duration;
import java.util.function.Supplier;

import dev.heddle.cache.Cache;
import dev.heddle.cache.Cache.Cached;
import dev.heddle.cache.RedisTier;
import dev.heddle.json.Json;
import dev.heddle.redis.Redis;
import dev.heddle.web.Failure;

/// Profiles of people, read from the database at most once in ten minutes, and again after a change: at once on the node
/// that changed it, and, where they share a Redis, a second later on the others.
public final class Profiles {
    private static final int MOST = 1_000;
    private static final Duration KEPT = Duration.ofSeconds(600);

    /// What is shown of a person.
    public record Profile(long userId, String name, User data) {}

    private final Users users;
    private final Cache<Long, Profile> cache;

    public Profiles(Users users, Redis redis) {
        this.users = users;
        RedisTier.Form<Long, Profile> form = RedisTier.Form.json("profiles", String::valueOf,
                bytes -> Json.readBack(bytes, Profile.class));
        this.cache = new Cache<>(MOST, new RedisTier<>(redis, KEPT, form));
    }

    /// @throws Failure if there is no such person
    public Cached<Profile> of(long id) {
        return cache.get(id, () -> users.find(id).map(Profiles::profile).orElseThrow(() -> Users.unknown(id)));
    }

    /// Does what changes or deletes a person, and then forgets the profile; even if `change` failed, because what is
    /// said to have failed may yet have been committed.
    <T> T dropAfter(long id, Supplier<T> change) {
        try {
            return change.get();
        } finally {
            cache.drop(id);
        }
    }

    /// Forgets that there was no such person.
    void dropAbsence(long id) {
        cache.drop(id);
    }

    private static Profile profile(User user) {
        return new Profile(user.id(), user.fullName().isEmpty() ? user.username() : user.fullName(), user);
    }
}
