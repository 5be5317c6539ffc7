package dev.heddle.limits;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.heddle.redis.Answer;
import dev.heddle.redis.Redis;
import dev.heddle.redis.Script;

/// What each client asked of all nodes together, kept in Redis: one sorted set a client, which Redis forgets after the
/// window. The time is Redis' own, so the clocks of the nodes need not agree. Thread-safe.
final class SharedCounts {
    // The members are the times themselves, in microseconds, and each is later than the one before.
    private static final Script ADMIT = new Script("""
            local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
            local time = redis.call('TIME')
            local now = time[1] * 1000000 + time[2]
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
            local free = limit - redis.call('ZCARD', KEYS[1])
            local admitted = free > 0
            if admitted then
              local newest = redis.call('ZRANGE', KEYS[1], -1, -1)[1]
              local mine = math.max(now, newest and newest + 1 or now)
              redis.call('ZADD', KEYS[1], mine, mine)
              redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
              free = free - 1
            end
            local oldest = redis.call('ZRANGE', KEYS[1], 0, 0)[1]
            return { admitted and 1 or 0, math.max(0, free), oldest + window - now }
            """);

    private final Redis redis;
    private final String prefix;
    private final Limit limit;
    private final List<String> arguments;

    /// `name` tells this limit from others in the same Redis.
    SharedCounts(Redis redis, String name, Limit limit) {
        this.redis = redis;
        this.prefix = "limit:v1:" + name + ":";
        this.limit = limit;
        long windowMicros = TimeUnit.NANOSECONDS.toMicros(limit.window().toNanos());
        this.arguments = List.of(String.valueOf(limit.requests()), String.valueOf(windowMicros));
    }

    /// Counts a request of `client`, if it may be answered; no answer if Redis is away.
    Answer<Decision> admit(String client) {
        return switch (redis.run(ADMIT, prefix + client, arguments)) {
            case Answer.Value<List<Long>>(List<Long> numbers) -> new Answer.Value<>(decision(numbers));
            case Answer.Miss<List<Long>> _ -> new Answer.Miss<>();
            case Answer.Away<List<Long>> _ -> new Answer.Away<>();
        };
    }

    private Decision decision(List<Long> numbers) {
        var reset = Duration.of(numbers.get(2), ChronoUnit.MICROS);
        return numbers.getFirst() == 1
                ? new Decision.Allowed(limit.requests(), Math.toIntExact(numbers.get(1)), reset)
                : new Decision.Refused(limit.requests(), reset);
    }
}
