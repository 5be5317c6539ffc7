/// What can be seen of the running server: metrics, health.
///
/// It stands on `web` for its routes, and on `server` for what it is told of each request.
@NullMarked
package dev.heddle.observe;

import org.jspecify.annotations.NullMarked;
