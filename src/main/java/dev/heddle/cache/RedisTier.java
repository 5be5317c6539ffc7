package dev.heddle.cache;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import dev.heddle.concurrent.Outcome;
import dev.heddle.json.Json;
import dev.heddle.redis.Answer;
import dev.heddle.redis.Redis;
import dev.heddle.web.Failure;

/// The second tier of a cache, in Redis: what one node computed, all nodes find. Where there is no Redis, the nodes keep
/// their copies for all of their time; where there is one, for a second, so that what another node dropped is gone here
/// after that. That something is not found ([Failure.Kind#NOT_FOUND]) is kept for two seconds. Thread-safe.
///
/// A drop leaves a mark for half a minute, which no value replaces: else a node that had read the old state before the
/// drop could put it back after it. This holds for whatever is computed within the server's default deadline.
public final class RedisTier<K, V> implements Tier<K, V> {
    static final Duration COPY_KEPT = Duration.ofSeconds(1);
    static final Duration ABSENCE_KEPT = Duration.ofSeconds(2);
    private static final Duration MARK_KEPT = Duration.ofSeconds(30);
    private static final int MOST_UNHEARD = 10_000;
    private static final int MOST_TOLD_AT_ONCE = 50;

    private static final byte VALUE = 'v';
    private static final byte ABSENCE = 'a';
    private static final byte MARK = 'd';

    /// How the entries of one cache are written: under which name among the caches, keys as text, values as bytes.
    public record Form<K, V>(String name, Function<K, String> key, Function<V, byte[]> writer,
            Function<byte[], V> reader) {
        /// Values as JSON; `reader` binds them.
        public static <K, V> Form<K, V> json(String name, Function<K, String> key, Function<byte[], V> reader) {
            return new Form<>(name, key, Json::write, reader);
        }
    }

    private final Redis redis;
    private final Duration timeToLive;
    private final Form<K, V> form;
    // Drops of which Redis was not told, because it was away.
    private final Set<String> unheard = ConcurrentHashMap.newKeySet();

    /// Keeps each value for `timeToLive`.
    public RedisTier(Redis redis, Duration timeToLive, Form<K, V> form) {
        this.redis = redis;
        this.timeToLive = timeToLive;
        this.form = form;
    }

    @Override
    public Optional<Outcome<V>> find(K key) {
        if (!hasHeardOfDrops()) {
            return Optional.empty();
        }
        return switch (redis.get(name(key))) {
            case Answer.Value<byte[]>(byte[] bytes) -> read(bytes);
            case Answer.Miss<byte[]> _ -> Optional.empty();
            case Answer.Away<byte[]> _ -> Optional.empty();
        };
    }

    @Override
    public void keep(K key, Outcome<V> outcome) {
        if (!redis.isConfigured() || !hasHeardOfDrops()) {
            return;
        }
        switch (outcome) {
            case Outcome.Success<V>(V value) ->
                redis.setIfAbsent(name(key), tagged(VALUE, form.writer().apply(value)), timeToLive);
            case Outcome.Failure<V>(Failure failure) when isAbsence(failure) ->
                redis.setIfAbsent(name(key), tagged(ABSENCE, text(failure.getMessage())), shorter(ABSENCE_KEPT));
            case Outcome.Failure<V> _ -> {
                // Says nothing of the value, so the next may have better luck.
            }
        }
    }

    /// If Redis is away, it is told as soon as it is asked again; until then this node does not believe it. Of more than
    /// 10,000 such keys the rest is not told, and stands for the rest of its time.
    @Override
    public void drop(K key) {
        String name = name(key);
        if (redis.isConfigured() && !mark(name) && unheard.size() < MOST_UNHEARD) {
            unheard.add(name);
        }
    }

    @Override
    public Duration keptHere(Outcome<V> outcome) {
        Duration copy = redis.isConfigured() ? shorter(COPY_KEPT) : timeToLive;
        return switch (outcome) {
            case Outcome.Success<V> _ -> copy;
            case Outcome.Failure<V>(Failure failure) when isAbsence(failure) -> shorter(COPY_KEPT);
            case Outcome.Failure<V> _ -> Duration.ZERO;
        };
    }

    /// Whether Redis knows of all drops; tells it some of those that it does not know, so that no caller tells all.
    private boolean hasHeardOfDrops() {
        if (unheard.isEmpty()) {
            return true;
        }
        boolean isTold = unheard.stream().limit(MOST_TOLD_AT_ONCE)
                .allMatch(name -> mark(name) && unheard.remove(name));
        return isTold && unheard.isEmpty();
    }

    private boolean mark(String name) {
        return redis.set(name, new byte[]{MARK}, MARK_KEPT) instanceof Answer.Value;
    }

    /// Bytes that cannot be read, as another version of the program may have left them, count as nothing.
    private Optional<Outcome<V>> read(byte[] bytes) {
        byte[] content = Arrays.copyOfRange(bytes, Math.min(1, bytes.length), bytes.length);
        return switch (bytes.length == 0 ? MARK : bytes[0]) {
            case VALUE -> Optional.of(Outcome.<V>of(() -> form.reader().apply(content)))
                    .filter(Outcome.Success.class::isInstance);
            case ABSENCE ->
                Optional.of(new Outcome.Failure<>(Failure.notFound(new String(content, StandardCharsets.UTF_8))));
            default -> Optional.empty();
        };
    }

    private String name(K key) {
        return "cache:v1:" + form.name() + ":" + form.key().apply(key);
    }

    private Duration shorter(Duration duration) {
        return duration.compareTo(timeToLive) < 0 ? duration : timeToLive;
    }

    private static boolean isAbsence(Failure failure) {
        return failure.kind() == Failure.Kind.NOT_FOUND;
    }

    private static byte[] text(String sentence) {
        return sentence.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] tagged(byte tag, byte[] content) {
        var bytes = new byte[content.length + 1];
        bytes[0] = tag;
        System.arraycopy(content, 0, bytes, 1, content.length);
        return bytes;
    }
}
