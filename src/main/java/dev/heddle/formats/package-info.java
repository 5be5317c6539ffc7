/// What a picture is, found out before any pixel of it is decoded; nothing that its file claims is believed.
@NullMarked
package dev.heddle.formats;

import org.jspecify.annotations.NullMarked;
