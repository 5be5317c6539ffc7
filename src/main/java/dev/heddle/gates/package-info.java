/// How much of a scarce thing may be used at once, and for how long: gates, the CPU pool, the watch over stalls.
///
/// It stands on `concurrent` for the deadline; taken out of it when that had two ideas.
@NullMarked
package dev.heddle.gates;

import org.jspecify.annotations.NullMarked;
