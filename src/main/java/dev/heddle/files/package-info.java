/// Pictures taken in, worked on in the background, and handed back; and who asked is told.
@NullMarked
package dev.heddle.files;

import org.jspecify.annotations.NullMarked;
