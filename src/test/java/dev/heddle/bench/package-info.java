/// Measurements: servers to compare with, and programs that load them with wrk.
@NullMarked
package dev.heddle.bench;

import org.jspecify.annotations.NullMarked;
