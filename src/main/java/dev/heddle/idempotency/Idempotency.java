package dev.heddle.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import dev.heddle.db.Database;
import dev.heddle.json.Json;
import dev.heddle.settings.Page;
import dev.heddle.web.Failure;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;

/// Sees to it that a request which comes again, because its caller got no answer, has its effect only once and is
/// answered the same: the caller marks it with a key of its own.
///
/// The key, what was asked and what was answered are stored in the transaction of the effect, so either all of them are
/// there or none is. Of equal requests at the same time one does the work; the others wait for its row in the database,
/// on this node or on any other, and get its answer. A refusal is an answer, too, and is kept; an answer that says
/// nothing about the effect, such as 503 or 504, is not.
///
/// (The header is that of the IETF draft "The Idempotency-Key HTTP Header Field", draft-ietf-httpapi-idempotency-key.)
public final class Idempotency {
    /// What a route declares that takes a key.
    public static final Parameter<Optional<String>> KEY = Parameter.optionalTextHeader("Idempotency-Key", 255,
            "A request with a key that was used before has no effect, and gets the answer of that time.");

    private final KeptAnswers answers;

    /// Answers are kept for `kept` at least.
    public Idempotency(Database db, Duration kept) {
        this.answers = new KeptAnswers(db, kept);
    }

    /// How long answers are kept, as the page `idempotency` says.
    public static Duration kept(Page page) {
        return page.duration("keep", Duration.ofHours(24), Duration.ofSeconds(1), Duration.ofDays(30));
    }

    /// What `work` replies, or what it replied to the same request before. The work must do nothing but through the
    /// database; without a key it is just done, in whatever transactions it makes. `asked` is all that the caller asks
    /// for: another route, or something else asked for under the same key, is refused.
    ///
    /// @throws Failure if the key was used for something else; and what `work` throws, or threw
    public Reply once(Request request, Object asked, Supplier<Reply> work) {
        Optional<String> key = request.value(KEY);
        if (key.isEmpty()) {
            return work.get();
        }
        byte[] fingerprint = fingerprint(request.route().toString(), asked);
        return answers.answer(key.get(), fingerprint, work).reply(fingerprint);
    }

    private static byte[] fingerprint(String route, Object asked) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(route.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return digest.digest(Json.write(asked));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
