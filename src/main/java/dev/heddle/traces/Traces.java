package dev.heddle.traces;

import java.lang.ScopedValue.CallableOp;
import java.util.Optional;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import org.jspecify.annotations.Nullable;

/// What a feature says of its own work, in the trace of the request that it is done for.
///
///     List<Row> rows = Traces.span("read_balances", () -> {
///         Traces.attribute("account.count", "12");
///         return read();
///     });
///
/// Requests, gathered calls and calls to other servers have their spans without being asked. What is done for no request
/// has no trace: then these do nothing but the work. Thread-safe.
public final class Traces {
    private Traces() {
    }

    /// The result of `work`, which is a span of this name below the current one; if it throws, the span is marked failed.
    /// `name` says what is done, not to what: there are only so many of them.
    public static <T extends @Nullable Object, X extends Exception> T span(String name,
            CallableOp<? extends T, X> work) throws X {
        return Trace.CURRENT.isBound()
                ? Trace.CURRENT.get().child(name, SpanKind.INTERNAL, Attributes.empty()).call(work)
                : work.call();
    }

    /// Notes something about the current span.
    public static void attribute(String name, String value) {
        if (Trace.CURRENT.isBound()) {
            Trace.CURRENT.get().span().setAttribute(name, value);
        }
    }

    /// The id of the current trace, 32 hexadecimal digits (W3C Trace Context, section 3.2.2.3); empty outside of every span.
    public static Optional<String> id() {
        return Trace.CURRENT.isBound() ? Trace.CURRENT.get().id() : Optional.empty();
    }

    /// What a thread pool must carry along, so that work goes on there within the span where it was handed over.
    public static ScopedValue<?> carried() {
        return Trace.CURRENT;
    }
}
