/// Calling other people's HTTP APIs: pooled, bounded, timed, broken when they are.
///
/// It stands on `concurrent` (deadlines, gates), `json` (what they answer) and `settings`; from `web` it takes `Failure`,
/// because a failing upstream is something that a caller is told, and nobody between could say it better.
@NullMarked
package dev.heddle.upstream;

import org.jspecify.annotations.NullMarked;
