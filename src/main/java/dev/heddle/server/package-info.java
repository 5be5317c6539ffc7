/// The HTTP server: finds the route, reads what it declares, runs its handler, writes the answer. The only room that
/// knows which status a failure is.
///
/// It stands on `wire` (safe bytes), `web` (what routes say), `json` (how values are written), `concurrent` (deadlines).
@NullMarked
package dev.heddle.server;

import org.jspecify.annotations.NullMarked;
