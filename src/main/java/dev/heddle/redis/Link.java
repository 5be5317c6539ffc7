package dev.heddle.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/// The way to Redis while Redis answers, and who watches for it while it does not. Thread-safe.
final class Link implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Link.class.getName());

    private final Connections connections;
    private final Duration retry;
    private final AtomicBoolean isAway = new AtomicBoolean();
    private final Semaphore losses = new Semaphore(0);
    private final Thread watch;
    private volatile boolean isClosed;

    Link(RedisSettings settings) {
        this.connections = new Connections(settings);
        this.retry = settings.retry();
        answersNow();
        this.watch = Thread.ofVirtual().name("redis-watch").start(this::watch);
    }

    boolean isAway() {
        return isAway.get();
    }

    /// How many connections are open.
    int open() {
        return connections.open();
    }

    /// What `question` gets; or that Redis is away, within two timeouts at the most.
    <T> Answer<T> ask(Function<Jedis, Answer<T>> question) {
        if (isAway.get() || !connections.enter()) {
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
                lose(e);
            }
            return new Answer.Away<>();
        } finally {
            connections.leave();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        isAway.set(true);
        watch.interrupt();
        connections.close();
    }

    private void lose(JedisException cause) {
        if (isAway.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, () -> "event=redis_away cause=" + cause.getMessage());
            connections.drain();
            losses.release();
        }
    }

    /// Runs on a thread of its own until it is interrupted.
    private void watch() {
        try {
            while (true) {
                losses.acquire();
                do {
                    Thread.sleep(retry);
                } while (!answersNow());
                find();
            }
        } catch (InterruptedException _) {
            // Closed: there is nothing to watch any more.
        }
    }

    private boolean answersNow() {
        try {
            connections.probe();
            return true;
        } catch (JedisException e) {
            lose(e);
            return false;
        }
    }

    private void find() {
        if (!isClosed) {
            isAway.set(false);
            LOG.log(Level.INFO, "event=redis_back");
        }
    }
}
