package dev.heddle.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.params.SetParams;

/// Redis, which may be absent: no call fails, and none takes much longer than the timeout of the settings.
///
/// One call that gets no answer is enough to hold Redis for away. From then on calls are answered [Answer.Away] at once,
/// while a thread of its own tries each second whether Redis is back; so a dead or frozen Redis costs those requests one
/// timeout that met it first, and the others nothing. Thread-safe.
public final class Redis implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Redis.class.getName());

    private final RedisSettings settings;
    // Null where there is no Redis, and then nobody watches.
    private final @Nullable Connections connections;
    private final AtomicBoolean isAway = new AtomicBoolean();
    private final Semaphore losses = new Semaphore(0);
    private final LongAdder unanswered = new LongAdder();
    private final @Nullable Thread watch;
    private volatile boolean isClosed;

    /// Connects to the Redis of `settings`, if they name one, whether or not it answers now.
    public static Redis open(RedisSettings settings) {
        return new Redis(settings);
    }

    private Redis(RedisSettings settings) {
        this.settings = settings;
        if (settings.url().isEmpty()) {
            this.connections = null;
            this.watch = null;
        } else {
            var some = new Connections(settings);
            tryFirst(some);
            this.connections = some;
            this.watch = Thread.ofVirtual().name("redis-watch").start(() -> watch(some));
        }
    }

    /// Whether there is a Redis at all, be it away or not.
    public boolean isConfigured() {
        return connections != null;
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
        return new RedisStats(isAway.get(), connections == null ? 0 : connections.open(), unanswered.sum());
    }

    /// Stops; from then on Redis is away.
    @Override
    public void close() {
        isClosed = true;
        isAway.set(isConfigured());
        if (watch != null && connections != null) {
            watch.interrupt();
            connections.close();
        }
    }

    private <T> Answer<T> ask(Function<Jedis, Answer<T>> question) {
        if (connections == null) {
            return new Answer.Away<>();
        }
        Answer<T> answer = isAway.get() ? new Answer.Away<>() : askInTurn(connections, question);
        if (answer instanceof Answer.Away<T>) {
            unanswered.increment();
        }
        return answer;
    }

    private <T> Answer<T> askInTurn(Connections connections, Function<Jedis, Answer<T>> question) {
        if (!connections.enter()) {
            return new Answer.Away<>();
        }
        try {
            // Those ahead in line may have found out that nobody answers.
            return isAway.get() ? new Answer.Away<>() : connections.use(question);
        } catch (JedisDataException refusal) {
            // Redis is there and answers in time, only not this.
            LOG.log(Level.DEBUG, () -> "event=redis_refused cause=" + refusal.getMessage());
            return new Answer.Away<>();
        } catch (JedisException e) {
            // An interrupt closes the socket, which says nothing of Redis.
            if (!Thread.currentThread().isInterrupted()) {
                lose(connections, e);
            }
            return new Answer.Away<>();
        } finally {
            connections.leave();
        }
    }

    private void lose(Connections connections, JedisException cause) {
        if (isAway.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, () -> "event=redis_away cause=" + cause.getMessage());
            connections.drain();
            losses.release();
        }
    }

    private void tryFirst(Connections connections) {
        try {
            connections.probe();
        } catch (JedisException e) {
            lose(connections, e);
        }
    }

    /// Runs on a thread of its own until it is interrupted.
    private void watch(Connections connections) {
        try {
            while (true) {
                losses.acquire();
                do {
                    Thread.sleep(settings.retry());
                } while (!answers(connections));
                find();
            }
        } catch (InterruptedException _) {
            // Closed: there is nothing to watch any more.
        }
    }

    private static boolean answers(Connections connections) {
        try {
            connections.probe();
            return true;
        } catch (JedisException _) {
            return false;
        }
    }

    private void find() {
        if (!isClosed) {
            isAway.set(false);
            LOG.log(Level.INFO, "event=redis_back");
        }
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
        return (settings.prefix() + ":" + key).getBytes(StandardCharsets.UTF_8);
    }
}
