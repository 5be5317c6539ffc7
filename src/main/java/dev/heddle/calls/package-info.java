/// One call over HTTP/1.1 to another server, as long as its deadline and no longer.
///
/// Only `upstream` uses this room; it was taken out of that when it had two ideas: how a call is made, and what is done
/// when calls fail.
@NullMarked
package dev.heddle.calls;

import org.jspecify.annotations.NullMarked;
