/// Forms of several parts, files among them, read as they arrive.
@NullMarked
package dev.heddle.forms;

import org.jspecify.annotations.NullMarked;
