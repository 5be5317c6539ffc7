/// Server-sent events: what one is, and a stream of them that stays alive and ends when its reader leaves.
@NullMarked
package dev.heddle.events;

import org.jspecify.annotations.NullMarked;
