/// Doing several things at once, and in time.
@NullMarked
package dev.heddle.concurrent;

import org.jspecify.annotations.NullMarked;
