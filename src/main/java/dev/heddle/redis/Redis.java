package dev.heddle.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.params.SetParams;

/// Redis, which may be absent: no call fails, and none takes much longer than the timeout of the settings.
///
/// One call that gets no answer is enough to hold Redis for away. From then on calls are answered [Answer.Away] at once,
/// while a thread of its own tries each second whether Redis is back; so a dead or frozen Redis costs those requests one
/// timeout that met it first, and the others nothing. Thread-safe.
public final class Redis implements AutoCloseable {
    private final String prefix;
    // Null where there is no Redis.
    private final @Nullable Link link;
    private final LongAdder unanswered = new LongAdder();

    /// Connects to the Redis of `settings`, if they name one, whether or not it answers now.
    public static Redis open(RedisSettings settings) {
        return new Redis(settings);
    }

    private Redis(RedisSettings settings) {
        this.prefix = settings.prefix() + ":";
        this.link = settings.url().isEmpty() ? null : new Link(settings);
    }

    /// Whether there is a Redis at all, be it away or not.
    public boolean isConfigured() {
        return link != null;
    }

    /// The bytes at `key`.
    public Answer<byte[]> get(String key) {
        return ask(jedis -> {
            byte[] value = jedis.get(bytes(key));
            return value == null ? new Answer.Miss<>() : new Answer.Value<>(value);
        });
    }

    /// Puts `value` at `key` for `timeToLive`, at least 1 ms.
    public Answer<Boolean> set(String key, byte[] value, Duration timeToLive) {
        return set(key, value, SetParams.setParams().px(timeToLive.toMillis()));
    }

    /// Puts `value` at `key` for `timeToLive`, at least 1 ms, unless there is a value already; says whether it did.
    public Answer<Boolean> setIfAbsent(String key, byte[] value, Duration timeToLive) {
        return set(key, value, SetParams.setParams().px(timeToLive.toMillis()).nx());
    }

    private Answer<Boolean> set(String key, byte[] value, SetParams how) {
        return ask(jedis -> new Answer.Value<>(jedis.set(bytes(key), value, how) != null));
    }

    /// Removes what is at `key`; says whether there was something.
    public Answer<Boolean> delete(String key) {
        return ask(jedis -> new Answer.Value<>(jedis.del(bytes(key)) > 0));
    }

    /// What `script` returns for the value at `key` and these arguments.
    public Answer<List<Long>> run(Script script, String key, List<String> arguments) {
        List<byte[]> keys = List.of(bytes(key));
        List<byte[]> values = arguments.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
        return ask(jedis -> new Answer.Value<>(numbers(run(jedis, script, keys, values))));
    }

    public RedisStats stats() {
        return link == null
                ? new RedisStats(false, 0, 0)
                : new RedisStats(link.isAway(), link.open(), unanswered.sum());
    }

    /// Stops; from then on Redis is away.
    @Override
    public void close() {
        if (link != null) {
            link.close();
        }
    }

    private <T> Answer<T> ask(Function<Jedis, Answer<T>> question) {
        if (link == null) {
            return new Answer.Away<>();
        }
        Answer<T> answer = link.ask(question);
        if (answer instanceof Answer.Away<T>) {
            unanswered.increment();
        }
        return answer;
    }

    private static Object run(Jedis jedis, Script script, List<byte[]> keys, List<byte[]> arguments) {
        try {
            return jedis.evalsha(script.digest(), keys, arguments);
        } catch (JedisNoScriptException _) {
            // Redis has not seen it yet, or was started anew; it remembers what it is told now.
            return jedis.eval(script.text(), keys, arguments);
        }
    }

    private static List<Long> numbers(Object reply) {
        return ((List<?>) reply).stream().map(Long.class::cast).toList();
    }

    private byte[] bytes(String key) {
        return (prefix + key).getBytes(StandardCharsets.UTF_8);
    }
}
