/// The pages for people: the API's documentation.
@NullMarked
package dev.heddle.console;

import org.jspecify.annotations.NullMarked;
