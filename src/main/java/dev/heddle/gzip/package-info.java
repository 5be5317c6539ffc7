/// Content codings: which one a caller takes, and gzip both ways, bounded.
@NullMarked
package dev.heddle.gzip;

import org.jspecify.annotations.NullMarked;
