/// Who did what for how long in which order: the spans of requests, of what they gather, and of the calls they make.
///
/// It stands on `server` for the requests, and on `concurrent` for what is gathered. OpenTelemetry's notion of a current
/// span hangs on a thread; here it is a scoped value instead, and every span is told its parent.
@NullMarked
package dev.heddle.traces;

import org.jspecify.annotations.NullMarked;
