/// Money: balances, transfers between them, the log of what happened, and batches with savepoints.
@NullMarked
package dev.heddle.accounts;

import org.jspecify.annotations.NullMarked;
