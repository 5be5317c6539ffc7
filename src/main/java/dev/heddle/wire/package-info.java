/// What arrives and leaves byte by byte, made safe where Helidon 4.1.7 is lenient: framing, addresses, bodies.
///
/// It stands on `web` for the failures, and on `concurrent` for the guard against stalls.
@NullMarked
package dev.heddle.wire;

import org.jspecify.annotations.NullMarked;
