/// What a feature says of its HTTP routes: what can be asked, what is answered, what may fail.
@NullMarked
package dev.heddle.web;

import org.jspecify.annotations.NullMarked;
