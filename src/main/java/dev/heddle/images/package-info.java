/// Pictures decoded, changed and encoded again: work for the CPU pool, with memory in proportion to their pixels.
@NullMarked
package dev.heddle.images;

import org.jspecify.annotations.NullMarked;
