/// A value computed once, and kept for a while.
@NullMarked
package dev.heddle.cache;

import org.jspecify.annotations.NullMarked;
