/// Tasks as callers ask for them, and the kinds that are there for the asking: the guides' simulated work, a long sum, and
/// the reading of whatever data are sent.
@NullMarked
package dev.heddle.chores;

import org.jspecify.annotations.NullMarked;
