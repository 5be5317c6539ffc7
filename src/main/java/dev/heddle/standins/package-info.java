/// What stands in for other people's APIs: served by Heddle itself, on loopback, as slow as it is told to be.
@NullMarked
package dev.heddle.standins;

import org.jspecify.annotations.NullMarked;
