package dev.heddle.idempotency;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.heddle.db.Database;
import dev.heddle.db.Tx;
import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.Reply;

/// The keys that were used, and what was answered, in the database.
///
/// Each 256th answer that is kept removes up to 512 that are out of date: twice as many as come, so that they never pile
/// up, and in small pieces, so that nobody waits long. A key that is out of date is free again even before.
final class KeptAnswers {
    private static final int PRUNE_EACH = 256;
    private static final int MOST_PRUNED = 512;

    /// Refusals that say what is stored, and that are told by one sentence.
    private static final Set<Kind> KEPT = EnumSet.of(Kind.NOT_FOUND, Kind.CONFLICT, Kind.OVERDRAWN, Kind.STALE);

    private final Database db;
    private final long keptMillis;
    private final AtomicLong count = new AtomicLong();

    KeptAnswers(Database db, Duration kept) {
        this.db = db;
        this.keptMillis = kept.toMillis();
    }

    /// What is kept for `key`; if that is nothing, does `work` and keeps its answer.
    Kept answer(String key, byte[] fingerprint, Supplier<Reply> work) {
        try {
            return db.inTransaction(tx -> {
                while (db.update(CLAIM, key, fingerprint) == 0) {
                    Optional<Kept> kept = find(key);
                    if (kept.isPresent()) {
                        return kept.get();
                    }
                    db.update(FREE, key, keptMillis);
                }
                return carryOut(tx, key, fingerprint, work);
            });
        } catch (Refused refused) {
            return keep(key, fingerprint, refused.failure);
        }
    }

    // Waits for an equal request that is under way: until it is committed, and then there is a conflict, or rolled back.
    private static final String CLAIM = """
            insert into idempotency_keys (key, fingerprint) values (?, ?) on conflict (key) do nothing
            """;

    private static final String ANSWER = """
            update idempotency_keys set answer = ?, headers = ? where key = ?
            """;

    private Kept carryOut(Tx tx, String key, byte[] fingerprint, Supplier<Reply> work) {
        Reply reply = refusing(work);
        var kept = new Kept(fingerprint, null, Json.write(reply.value()), Json.write(reply.headers()));
        db.update(ANSWER, kept.answer(), kept.headers(), key);
        tx.afterCommit(this::pruneSometimes);
        return kept;
    }

    /// A refusal that will be kept leaves the transaction as one that has to be, so that all before it is rolled back.
    private static Reply refusing(Supplier<Reply> work) {
        try {
            return work.get();
        } catch (Failure failure) {
            throw KEPT.contains(failure.kind()) ? new Refused(failure) : failure;
        }
    }

    private static final String REFUSE = """
            insert into idempotency_keys (key, fingerprint, failure, answer, headers) values (?, ?, ?, ?, ?)
            on conflict (key) do nothing
            """;

    /// Keeps a refusal, after all that led to it was rolled back; an equal request may have been answered meanwhile.
    private Kept keep(String key, byte[] fingerprint, Failure failure) {
        var kept = new Kept(fingerprint, failure.kind().name(), failure.getMessage().getBytes(StandardCharsets.UTF_8),
                Json.write(failure.headers()));
        return db.inTransaction(tx -> {
            tx.afterCommit(this::pruneSometimes);
            long added = db.update(REFUSE, key, fingerprint, kept.failure(), kept.answer(), kept.headers());
            return added == 1 ? kept : find(key).orElse(kept);
        });
    }

    private static final String FIND = """
            select fingerprint, failure, answer, headers from idempotency_keys
             where key = ? and created_at >= now() - ? * interval '1 millisecond'
            """;

    private Optional<Kept> find(String key) {
        return db.one(FIND, row -> new Kept(row.bytes("fingerprint"), row.textOrNull("failure"), row.bytes("answer"),
                row.bytes("headers")), key, keptMillis);
    }

    private static final String FREE = """
            delete from idempotency_keys where key = ? and created_at < now() - ? * interval '1 millisecond'
            """;

    private static final String PRUNE = """
            delete from idempotency_keys
             where key in (select key from idempotency_keys
                            where created_at < now() - ? * interval '1 millisecond'
                            order by created_at
                            limit ?
                              for update skip locked)
            """;

    private void pruneSometimes() {
        if (count.incrementAndGet() % PRUNE_EACH == 0) {
            db.update(PRUNE, keptMillis, MOST_PRUNED);
        }
    }

    /// The work was refused, so its transaction must be rolled back before the refusal can be kept.
    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Failure failure;

        Refused(Failure failure) {
            super(null, failure, false, false);
            this.failure = failure;
        }
    }
}
