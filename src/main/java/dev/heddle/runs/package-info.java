/// Runs tasks on this node: looks for due ones, keeps their leases alive, interrupts what is not this node's any more, and
/// hands back what it cannot end.
///
/// It stands on `claims` for what the database knows of a task; what the work is, the room `tasks` tells it.
@NullMarked
package dev.heddle.runs;

import org.jspecify.annotations.NullMarked;
