/// Which pages of other sites may ask, and how their browsers are told (Fetch standard, "CORS protocol").
@NullMarked
package dev.heddle.origins;

import org.jspecify.annotations.NullMarked;
