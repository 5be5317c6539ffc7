/// What goes back to the caller: values, streams, problems, and which status each is. The only room that knows statuses
/// by name.
///
/// It stands on `web` (what routes say they give), `json` (how values are written), `wire` (writes that must move on).
@NullMarked
package dev.heddle.answers;

import org.jspecify.annotations.NullMarked;
