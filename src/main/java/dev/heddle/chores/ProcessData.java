package dev.heddle.chores;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.StringTokenizer;

import dev.heddle.json.Json;
import dev.heddle.tasks.Kind;
import dev.heddle.tasks.Rules;

import tools.jackson.databind.JsonNode;

/// Reads whatever it is given: a text, or JSON, which is looked at as it is written without blanks.
final class ProcessData {
    static final String NAME = "process-data";
    private static final Rules RULES = new Rules(20, 3, Duration.ofMinutes(1));

    private ProcessData() {
    }

    /// What was read, and what there is to say of it: the hash and length of its UTF-8 bytes, how many words stand between
    /// blanks, and the names of its fields, if it is an object.
    record Processed(boolean processed, JsonNode data, String sha256, int bytes, int words, List<String> keys) {}

    static Kind<JsonNode> kind() {
        return new Kind<>(NAME, JsonNode.class, RULES, (data, _) -> processed(data));
    }

    private static Processed processed(JsonNode data) {
        byte[] bytes = data.isString() ? data.asString().getBytes(StandardCharsets.UTF_8) : Json.write(data);
        var text = new String(bytes, StandardCharsets.UTF_8);
        return new Processed(true, data, HexFormat.of().formatHex(sha256(bytes)), bytes.length,
                new StringTokenizer(text).countTokens(), List.copyOf(data.propertyNames()));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
