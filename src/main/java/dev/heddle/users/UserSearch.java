package dev.heddle.users;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.heddle.cache.Cache;
import dev.heddle.cache.Cache.Cached;
import dev.heddle.cache.RedisTier;
import dev.heddle.json.Json;
import dev.heddle.pages.Cursors;
import dev.heddle.pages.Page;
import dev.heddle.redis.Redis;
import dev.heddle.web.Failure;

/// Finds people page by page; the same question within half a minute gets the same answer.
public final class UserSearch {
    private static final int MOST = 1_000;
    private static final Duration KEPT = Duration.ofSeconds(30);

    private record Question(String text, long after, int limit) {
        String key() {
            return limit + ":" + after + ":" + text;
        }
    }

    private final Users users;
    private final Cursors cursors;
    private final Cache<Question, Page<User>> cache;

    public UserSearch(Users users, Cursors cursors, Redis redis) {
        this.users = users;
        this.cursors = cursors;
        RedisTier.Form<Question, Page<User>> form = RedisTier.Form.json("searches", Question::key,
                bytes -> Json.readBack(bytes, Page.class, User.class));
        this.cache = new Cache<>(MOST, new RedisTier<>(redis, KEPT, form));
    }

    /// @throws Failure if the cursor is not one of a search for `text`
    public Cached<Page<User>> find(String text, int limit, Optional<String> cursor) {
        Cursors.Scope scope = cursors.scope("users/search?q=" + text);
        var question = new Question(text, scope.read(cursor), limit);
        return cache.get(question, () -> page(question, scope));
    }

    private Page<User> page(Question question, Cursors.Scope scope) {
        List<User> found = users.search(question.text(), question.after(), question.limit() + 1);
        return Page.of(found, question.limit(), User::id, scope);
    }
}
