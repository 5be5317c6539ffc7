package dev.heddle.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Reply;

import org.jspecify.annotations.Nullable;

/// What was answered to a request with this fingerprint: a value as JSON, or, if `failure` names its kind, the sentence of
/// a refusal; and the headers beside it, as JSON.
record Kept(byte[] fingerprint, @Nullable String failure, byte[] answer, byte[] headers) {

    /// The same answer again.
    ///
    /// @throws Failure if that was a refusal, or if the request that asks for it is another one
    Reply reply(byte[] asking) {
        if (!MessageDigest.isEqual(fingerprint, asking)) {
            throw Failure.invalid(new FieldError(List.of("header", Idempotency.KEY.name()),
                    "was used for another request", "idempotency_key_reused"));
        }
        Map<String, String> told = Json.readBack(headers, Map.class, String.class, String.class);
        if (failure != null) {
            throw Failure.of(Failure.Kind.valueOf(failure), new String(answer, StandardCharsets.UTF_8)).with(told);
        }
        return Reply.of(answer).with(told);
    }
}
