package dev.heddle.notices;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;

import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.mail.Address;

/// The mails of tasks in the database, one to each address.
final class Mails {
    /// Where a mail stands; only `PENDING` ones are ever sent.
    enum State {
        PENDING, SENDING, SENT, FAILED, UNKNOWN;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A mail that is still to be sent; `tries` says how often the server has put it off.
    record Waiting(UUID taskId, int position, Address to, int tries) {}

    /// How many mails of a task stand where.
    record Counts(int pending, int sent, int failed, int unknown) {
        int all() {
            return pending + sent + failed + unknown;
        }

        int done() {
            return sent + failed + unknown;
        }
    }

    /// A mail that was not sent, or perhaps not.
    record Trouble(String email, String state, String reason) {}

    private final Database db;

    Mails(Database db) {
        this.db = db;
    }

    private static final String LIST = """
            insert into mails (task_id, position, address)
            select cast(? as uuid), position, address
              from unnest(cast(? as text[])) with ordinality as wanted (address, position)
            on conflict do nothing
            """;

    /// Notes that there shall be a mail of this task to each of `addresses`; those it knows already stay as they are.
    void list(UUID taskId, List<Address> addresses) {
        db.update(LIST, taskId, addresses.stream().map(Address::text).toArray(String[]::new));
    }

    private static final String GIVE_UP = """
            update mails set state = 'unknown', reason = 'the server was stopped while it was being sent'
             where task_id = ? and state = 'sending'
            """;

    /// Nobody will hear any more how those ended that an earlier try has begun.
    void giveUpBegun(UUID taskId) {
        db.update(GIVE_UP, taskId);
    }

    private static final String TRY_FAILED_AGAIN = """
            update mails set state = 'pending', tries = 0, reason = '' where task_id = ? and state = 'failed'
            """;

    /// Lets those be sent again that were not sent for certain.
    void tryFailedAgain(UUID taskId) {
        db.update(TRY_FAILED_AGAIN, taskId);
    }

    private static final String WAITING = """
            select task_id, position, address, tries from mails where task_id = ? and state = 'pending'
             order by tries, position
            """;

    /// Those still to be sent, and first those that were put off least.
    List<Waiting> waiting(UUID taskId) {
        return db.list(WAITING, row -> new Waiting(row.uuid("task_id"), row.integer("position"),
                new Address(row.text("address")), row.integer("tries")), taskId);
    }

    private static final String BEGIN = """
            update mails set state = 'sending', tries = tries + 1, attempt = ?
             where task_id = ? and position = ? and state = 'pending'
            """;

    /// Says that this try is about to send the mail. False if it is not to be sent.
    boolean begin(Waiting mail, int attempt) {
        return db.update(BEGIN, attempt, mail.taskId(), mail.position()) == 1;
    }

    private static final String END = """
            update mails set state = ?, tries = tries - ?, reason = ?
             where task_id = ? and position = ? and state = 'sending' and attempt = ?
            """;

    /// How a mail ended that this try began. One that was not tried at all does not count as put off.
    record End(State state, boolean isTried, String reason) {}

    /// Says how the mail ended; does nothing if others have given it up meanwhile.
    void end(Waiting mail, int attempt, End end) {
        db.update(END, end.state().word(), end.isTried() ? 0 : 1, end.reason(), mail.taskId(), mail.position(),
                attempt);
    }

    private static final String COUNT = "select state, count(*) as many from mails where task_id = ? group by state";

    /// What is being sent counts as pending.
    Counts count(UUID taskId) {
        record Some(String state, int many) {}
        List<Some> found = db.list(COUNT, row -> new Some(row.text("state"), row.integer("many")), taskId);
        var sum = new Object() {
            int of(Predicate<String> states) {
                return found.stream().filter(some -> states.test(some.state)).mapToInt(Some::many).sum();
            }
        };
        return new Counts(sum.of(List.of("pending", "sending")::contains), sum.of("sent"::equals),
                sum.of("failed"::equals), sum.of("unknown"::equals));
    }

    private static final String TROUBLES = """
            select address, state, reason from mails
             where task_id = ? and (state in ('failed', 'unknown') or state = 'pending' and reason <> '')
             order by position
             limit ?
            """;

    /// The first `limit` of those that were not sent, or perhaps not, in their order.
    List<Trouble> troubles(UUID taskId, int limit) {
        return db.list(TROUBLES, Mails::trouble, taskId, limit);
    }

    private static Trouble trouble(Row row) {
        return new Trouble(row.text("address"), row.text("state"), row.text("reason"));
    }
}
