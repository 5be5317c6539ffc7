package dev.heddle.redis;

/// How the connection to Redis stands: whether Redis is away, how many connections are open, and how many calls got no
/// answer since the start. Where no Redis is configured, nothing is away and nothing is open.
public record RedisStats(boolean isAway, int open, long unanswered) {}
