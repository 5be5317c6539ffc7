/// JSON in and out, strict, with every mistake named at once.
@NullMarked
package dev.heddle.json;

import org.jspecify.annotations.NullMarked;
