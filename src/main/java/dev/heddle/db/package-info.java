/// PostgreSQL: statements, transactions, and what their failures mean.
@NullMarked
package dev.heddle.db;

import org.jspecify.annotations.NullMarked;
