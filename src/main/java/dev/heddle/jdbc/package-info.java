/// How PostgreSQL is reached by JDBC: where it is, what the driver is told, its tables brought up to date, and what its
/// refusals mean. Only `pool` and `db` use this room.
///
/// It stands on `gates` for the failure that an absent database is.
@NullMarked
package dev.heddle.jdbc;

import org.jspecify.annotations.NullMarked;
