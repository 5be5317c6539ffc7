/// The HTTP server: finds the route, reads what it declares, runs its handler, has the answer written.
///
/// It stands on `wire` (safe bytes), `answers` (what goes back), `web` (what routes say), `json` (how bodies are read).
@NullMarked
package dev.heddle.server;

import org.jspecify.annotations.NullMarked;
