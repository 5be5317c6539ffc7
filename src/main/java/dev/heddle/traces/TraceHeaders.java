package dev.heddle.traces;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;

/// How a server tells another of its span: the headers `traceparent` and `tracestate` (W3C Trace Context).
final class TraceHeaders {
    private static final W3CTraceContextPropagator FORM = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Function<String, Optional<String>>> READER = (headers, name) -> headers == null
            ? null
            : headers.apply(name).orElse(null);

    private TraceHeaders() {
    }

    /// The span that `headers` tell of; the root if they tell of none, or not as they must, which is no mistake that a
    /// caller is told about (section 3.2.2.5).
    static Context read(Function<String, Optional<String>> headers) {
        return FORM.extract(Context.root(), headers, READER);
    }

    /// The headers that tell of the span of `context`.
    static Map<String, String> written(Context context) {
        var headers = new TreeMap<String, String>();
        FORM.inject(context, headers, (into, name, value) -> headers.put(name, value));
        return headers;
    }
}
