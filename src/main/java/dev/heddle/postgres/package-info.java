/// The embedded PostgreSQL: unpacked, made, started, adopted, stopped.
@NullMarked
package dev.heddle.postgres;

import org.jspecify.annotations.NullMarked;
