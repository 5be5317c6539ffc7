package dev.heddle.redis;

import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.heddle.concurrent.Deadline;

import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisURIHelper;

/// At most so many connections to Redis, made when they are needed, handed out first come first served.
///
/// Ours and not Jedis' own pool, because that one makes a new connection for each caller in line when Redis hangs, one
/// timeout after the other; here, who comes to his turn asks first whether it still makes sense. Thread-safe.
final class Connections {
    private final HostAndPort place;
    private final JedisClientConfig config;
    private final Duration timeout;
    private final Semaphore turns;
    private final Deque<Jedis> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean isClosed;

    Connections(RedisSettings settings) {
        URI uri = URI.create(settings.url());
        int port = uri.getPort() < 0 ? Protocol.DEFAULT_PORT : uri.getPort();
        this.place = new HostAndPort(uri.getHost(), port);
        this.timeout = settings.timeout();
        this.config = config(uri, Math.toIntExact(timeout.toMillis()));
        this.turns = new Semaphore(settings.poolSize(), true);
    }

    /// Waits for a turn, at most the timeout, and says whether it came; who has one must [#leave()].
    boolean enter() {
        try {
            return turns.tryAcquire(Math.min(timeout.toNanos(), Deadline.current().nanosLeft()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave() {
        turns.release();
    }

    /// What `question` gets from a connection. One that failed is not used again: its answer could come late and be
    /// taken for the next one's.
    ///
    /// @throws JedisException if there is no answer within the timeout, or Redis refuses
    <T> T use(Function<Jedis, T> question) {
        Jedis pooled = idle.poll();
        Jedis connection = pooled == null ? connect() : pooled;
        try {
            return question.apply(connection);
        } finally {
            if (connection.isBroken() || isClosed) {
                discard(connection);
            } else {
                idle.push(connection);
            }
        }
    }

    /// Asks on a new connection whether Redis answers.
    ///
    /// @throws JedisException if it does not
    void probe() {
        Jedis connection = connect();
        try {
            connection.ping();
        } finally {
            discard(connection);
        }
    }

    /// Closes the connections that nobody uses.
    void drain() {
        for (Jedis connection = idle.poll(); connection != null; connection = idle.poll()) {
            discard(connection);
        }
    }

    /// Closes the connections, those in use when they come back.
    void close() {
        isClosed = true;
        drain();
    }

    /// How many are open.
    int open() {
        return open.get();
    }

    private Jedis connect() {
        var connection = new Jedis(place, config);
        open.incrementAndGet();
        return connection;
    }

    private void discard(Jedis connection) {
        open.decrementAndGet();
        try {
            connection.close();
        } catch (JedisException _) {
            // It is of no use any more, and its socket is closed in any case.
        }
    }

    /// The older protocol needs no greeting: a new connection costs one round trip, not four.
    private static JedisClientConfig config(URI uri, int millis) {
        var builder = DefaultJedisClientConfig.builder().connectionTimeoutMillis(millis).socketTimeoutMillis(millis)
                .protocol(RedisProtocol.RESP2).clientSetInfoConfig(ClientSetInfoConfig.DISABLED);
        if (JedisURIHelper.isRedisSSLScheme(uri)) {
            builder.sslOptions(SslOptions.defaults());
        }
        if (uri.getUserInfo() != null) {
            builder.user(JedisURIHelper.getUser(uri)).password(JedisURIHelper.getPassword(uri));
        }
        return builder.database(JedisURIHelper.getDBIndex(uri)).build();
    }
}
