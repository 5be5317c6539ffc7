/// A value computed once, and kept for a while, here and in Redis.
@NullMarked
package dev.heddle.cache;

import org.jspecify.annotations.NullMarked;
