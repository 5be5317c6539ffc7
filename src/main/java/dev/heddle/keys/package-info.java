/// Secrets that all nodes share.
@NullMarked
package dev.heddle.keys;

import org.jspecify.annotations.NullMarked;
