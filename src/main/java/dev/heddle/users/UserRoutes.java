package dev.heddle.users;

import static dev.heddle.web.Failure.Kind.CONFLICT;
import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Failure.Kind.STALE;
import static dev.heddle.web.Parameter.from;

import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import tools.jackson.databind.node.ObjectNode;

/// What can be asked about people.
public final class UserRoutes {
    private static final Parameter<Long> ID = Parameter.id("id", "Which user.");
    private static final Parameter<Integer> SKIP = Parameter.count("skip", 0, from(0, Integer.MAX_VALUE),
            "How many to leave out at the beginning.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 100, from(1, 1_000), "How many at most.");
    private static final int MOST_AVATARS = 100;
    private static final Parameter<Optional<String>> INCLUDE = Parameter.optionalText("include", 10,
            "`github` adds avatars, to 100 users at most.");
    private static final Parameter<String> Q = Parameter.text("q", 100, "What a username, e-mail or name holds.");
    private static final Parameter<Integer> SEARCH_LIMIT = Parameter.count("limit", 20, from(1, 1_000),
            "How many at most.");
    private static final Parameter<Optional<String>> CURSOR = Parameter.optionalText("cursor", 200,
            "The `next_cursor` of the page before.");
    private static final Parameter<String> NAME = Parameter.text("name", 50, "Username and full name.");
    private static final Parameter<String> EMAIL = Parameter.text("email", 100, "E-mail address.");

    private final Users users;
    private final Profiles profiles;
    private final UserSearch search;
    private final Avatars avatars;

    public UserRoutes(Users users, Profiles profiles, UserSearch search, Avatars avatars) {
        this.users = users;
        this.profiles = profiles;
        this.search = search;
        this.avatars = avatars;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/users", "Create a user.").takes(UserBody.class).creates(User.class).fails(CONFLICT)
                        .handledBy(this::create),
                Route.get("/users", "List users by id.").with(SKIP, LIMIT, INCLUDE).givesList(UserWithAvatar.class)
                        .handledBy(this::list),
                Route.get("/users/search", "Find users by a part of username, e-mail or name.")
                        .with(Q, SEARCH_LIMIT, CURSOR).givesPage(User.class).handledBy(this::search),
                Route.get("/users/{id}", "Read a user.").with(ID).gives(User.class).fails(NOT_FOUND)
                        .handledBy(this::find),
                Route.put("/users/{id}", "Replace a user.").with(ID).takes(UserBody.class).gives(User.class)
                        .fails(NOT_FOUND, CONFLICT, STALE).handledBy(this::replace),
                Route.patch("/users/{id}", "Change fields of a user.").with(ID).takesPatch(UserBody.class)
                        .gives(User.class)
                        .fails(NOT_FOUND, CONFLICT, STALE).handledBy(this::patch),
                Route.delete("/users/{id}", "Delete a user.").with(ID).fails(NOT_FOUND, STALE).handledBy(this::delete),
                Route.get("/users/{id}/profile", "Read a user's profile, at most ten minutes old.").with(ID)
                        .gives(Profiles.Profile.class).fails(NOT_FOUND).handledBy(this::profile),
                Route.get("/async-users", "List users, in the older shape.").with(SKIP, LIMIT).gives(OlderList.class)
                        .handledBy(request -> new OlderList(users.list(request.value(SKIP), request.value(LIMIT)))),
                Route.post("/async-users", "Create a user, in the older shape.").with(NAME, EMAIL)
                        .creates(OlderCreated.class)
                        .fails(CONFLICT).handledBy(this::createOlder));
    }

    private Object create(Request request) {
        User user = created(users.create(request.body(UserBody.class)));
        return Reply.of(user).at("/users/" + user.id()).version(user.version());
    }

    private Object list(Request request) throws InterruptedException {
        int skip = request.value(SKIP);
        int limit = request.value(LIMIT);
        Optional<String> include = request.value(INCLUDE);
        if (include.isEmpty()) {
            return users.list(skip, limit);
        }
        if (!include.get().equals("github")) {
            throw Failure.invalid(new FieldError(List.of("query", "include"), "must be github", "enum"));
        }
        if (limit > MOST_AVATARS) {
            throw Failure.invalid(new FieldError(List.of("query", "limit"), "must be at most 100 with avatars",
                    "out_of_range"));
        }
        return avatars.of(users.list(skip, limit));
    }

    private Object find(Request request) {
        long id = request.value(ID);
        return tagged(users.find(id).orElseThrow(() -> Users.unknown(id)));
    }

    private Object replace(Request request) {
        UserBody body = request.body(UserBody.class);
        return changed(request, id -> users.replace(id, body, request.ifMatch()));
    }

    private Object patch(Request request) {
        ObjectNode patch = request.body(ObjectNode.class);
        return changed(request, id -> users.change(id, body -> body.patched(patch), request.ifMatch()));
    }

    private Object delete(Request request) {
        long id = request.value(ID);
        return profiles.dropAfter(id, () -> {
            users.delete(id, request.ifMatch());
            return "";
        });
    }

    private Object profile(Request request) {
        var cached = profiles.of(request.value(ID));
        return Reply.of(cached.value()).with("X-Cache", cached.isHit() ? "HIT" : "MISS");
    }

    private Object search(Request request) {
        var cached = search.find(request.value(Q), request.value(SEARCH_LIMIT), request.value(CURSOR));
        return Reply.of(cached.value()).with("X-Cache", cached.isHit() ? "HIT" : "MISS");
    }

    /// The guides' first shape of a list.
    record OlderList(List<User> users) {}

    /// The guides' first shape of an answer to a creation.
    record OlderCreated(String message, User user) {}

    private Object createOlder(Request request) {
        User user = created(users.create(UserBody.of(request.value(NAME), request.value(EMAIL))));
        return Reply.of(new OlderCreated("User created", user)).at("/users/" + user.id());
    }

    private User created(User user) {
        profiles.dropAbsence(user.id());
        return user;
    }

    private Reply changed(Request request, LongFunction<User> change) {
        long id = request.value(ID);
        return tagged(profiles.dropAfter(id, () -> change.apply(id)));
    }

    private static Reply tagged(User user) {
        return Reply.of(user).version(user.version());
    }
}
