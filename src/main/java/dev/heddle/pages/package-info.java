/// Long lists handed out piece by piece.
///
/// It stands on `web` for the failure that a forged cursor is.
@NullMarked
package dev.heddle.pages;

import org.jspecify.annotations.NullMarked;
