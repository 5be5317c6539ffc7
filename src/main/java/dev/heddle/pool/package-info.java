/// Connections to PostgreSQL: lent in order, shielded, cut off at the deadline. Only `db` uses this room.
///
/// Both rooms are on floor 0; this one was taken out of `db` when that had two ideas: how a connection is lent, and
/// what is asked of it.
@NullMarked
package dev.heddle.pool;

import org.jspecify.annotations.NullMarked;
