package dev.heddle.users;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import dev.heddle.db.ConstraintViolation;
import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.web.Failure;
import dev.heddle.web.IfMatch;

import org.jspecify.annotations.Nullable;

/// The people in the database.
public final class Users {
    private final Database db;

    public Users(Database db) {
        this.db = db;
    }

    private static final String CREATE = """
            insert into users (username, email, full_name, age) values (?, ?, ?, ?)
            returning id, username, email, full_name, age, version, created_at
            """;

    /// Stores a person.
    ///
    /// @throws Failure if another has the same username or e-mail address, whatever its case
    public User create(UserBody body) {
        try {
            return db.one(CREATE, Users::user, body.username(), body.email(), body.fullName(), body.age())
                    .orElseThrow();
        } catch (ConstraintViolation e) {
            throw taken(e);
        }
    }

    private static final String FIND = """
            select id, username, email, full_name, age, version, created_at from users where id = ?
            """;

    public Optional<User> find(long id) {
        return db.one(FIND, Users::user, id);
    }

    private static final String LIST = """
            select id, username, email, full_name, age, version, created_at from users order by id offset ? limit ?
            """;

    /// At most `limit` people in order of their ids, without the first `skip`.
    public List<User> list(int skip, int limit) {
        return db.list(LIST, Users::user, skip, limit);
    }

    // A plan for whatever pattern, which PostgreSQL may settle for after the fifth search (manual, PREPARE, "Notes"),
    // walks all people by id; one for this pattern walks only where many are to be found, and else takes the index.
    static final String PLAN_EACH = "set local plan_cache_mode = force_custom_plan";

    static final String SEARCH = """
            select id, username, email, full_name, age, version, created_at
              from users
             where (username ilike ? or email ilike ? or full_name ilike ?) and id > ?
             order by id
             limit ?
            """;

    /// At most `limit` people with an id over `after` whose username, e-mail address or full name holds `text`,
    /// whatever its case. Served by a trigram index (PostgreSQL manual, pg_trgm, "Index Support").
    public List<User> search(String text, long after, int limit) {
        String pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%";
        return db.inTransaction(_ -> {
            db.update(PLAN_EACH);
            return db.list(SEARCH, Users::user, pattern, pattern, pattern, after, limit);
        });
    }

    private static final String REPLACE = """
            update users set username = ?, email = ?, full_name = ?, age = ?, version = version + 1
             where id = ? and (? or version = any(cast(? as bigint[])))
            returning id, username, email, full_name, age, version, created_at
            """;

    /// Replaces what is stored of a person.
    ///
    /// @throws Failure if there is no such person, or it has another version than those that may be overwritten, or
    ///         another person has the same username or e-mail address
    public User replace(long id, UserBody body, IfMatch ifMatch) {
        try {
            return db.one(REPLACE, Users::user, body.username(), body.email(), body.fullName(), body.age(), id,
                    ifMatch.isAny(), ifMatch.versions().toArray(Long[]::new)).orElseThrow(() -> untouched(id));
        } catch (ConstraintViolation e) {
            throw taken(e);
        }
    }

    private static final String LOCK = """
            select id, username, email, full_name, age, version, created_at from users where id = ? for update
            """;

    /// Replaces what is stored of a person by what `change` makes of it; nobody else changes it meanwhile.
    ///
    /// @throws Failure as [#replace(long, UserBody, IfMatch)] does, and what `change` throws
    public User change(long id, UnaryOperator<UserBody> change, IfMatch ifMatch) {
        return db.inTransaction(_ -> {
            User user = db.one(LOCK, Users::user, id).orElseThrow(() -> unknown(id));
            if (!ifMatch.matches(user.version())) {
                throw stale(id);
            }
            return replace(id, change.apply(UserBody.of(user)), IfMatch.any());
        });
    }

    private static final String DELETE = "delete from users where id = ? and (? or version = any(cast(? as bigint[])))";

    /// Deletes a person.
    ///
    /// @throws Failure if there is no such person, or it has another version than those that may be deleted
    public void delete(long id, IfMatch ifMatch) {
        if (db.update(DELETE, id, ifMatch.isAny(), ifMatch.versions().toArray(Long[]::new)) == 0) {
            throw untouched(id);
        }
    }

    /// The failure of asking for an id that nobody has.
    static Failure unknown(long id) {
        return Failure.notFound("user " + id + " does not exist");
    }

    /// Why a change found no row: it is not there, or not of the version wanted.
    private Failure untouched(long id) {
        return find(id).isEmpty() ? unknown(id) : stale(id);
    }

    private static Failure stale(long id) {
        return Failure.of(Failure.Kind.STALE, "user " + id + " has changed since it was read");
    }

    private static RuntimeException taken(ConstraintViolation e) {
        return switch (e.constraint()) {
            case "users_username_key" -> Failure.conflict("another user has this username");
            case "users_email_key" -> Failure.conflict("another user has this email");
            default -> e;
        };
    }

    private static User user(Row row) {
        return new User(row.number("id"), row.text("username"), row.text("email"), row.text("full_name"),
                age(row.numberOrNull("age")), row.instant("created_at"), row.number("version"));
    }

    private static @Nullable Integer age(@Nullable Long years) {
        return years == null ? null : Math.toIntExact(years);
    }
}
