/// What is in flight right now: each request, what it has gathered, and where each of them stands.
///
/// It stands on `server` for the requests and on `concurrent` for what they gather.
@NullMarked
package dev.heddle.running;

import org.jspecify.annotations.NullMarked;
