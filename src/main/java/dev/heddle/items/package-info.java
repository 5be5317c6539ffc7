/// A catalogue: listed by cursor, imported and exported as streams.
@NullMarked
package dev.heddle.items;

import org.jspecify.annotations.NullMarked;
