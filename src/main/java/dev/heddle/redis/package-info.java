/// The one connection to Redis, and its absence: whoever asks gets an answer soon, and is told when it is none.
///
/// The only room that knows Jedis. It stands on `concurrent` (no wait is longer than the deadline).
@NullMarked
package dev.heddle.redis;

import org.jspecify.annotations.NullMarked;
