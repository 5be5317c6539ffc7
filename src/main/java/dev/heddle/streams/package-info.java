/// The guides' streams: events one by one, a long list, a long file.
@NullMarked
package dev.heddle.streams;

import org.jspecify.annotations.NullMarked;
