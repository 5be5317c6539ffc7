/// Doing several things at once, in time, and no more of them than the machine can bear.
@NullMarked
package dev.heddle.concurrent;

import org.jspecify.annotations.NullMarked;
