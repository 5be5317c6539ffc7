/// How much one caller, and everyone together, may ask: at most so many requests in any window of time.
///
/// A caller's count is kept here and, where there is a Redis, there too, so that all nodes share it.
@NullMarked
package dev.heddle.limits;

import org.jspecify.annotations.NullMarked;
