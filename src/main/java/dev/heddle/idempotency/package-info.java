/// One effect for each `Idempotency-Key`, however often a request that bears it arrives.
@NullMarked
package dev.heddle.idempotency;

import org.jspecify.annotations.NullMarked;
