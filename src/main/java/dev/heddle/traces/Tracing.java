package dev.heddle.traces;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.heddle.server.ExchangeListener;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;

/// Where spans go when they end: to something that exports them, or nowhere.
///
/// - [#silent()] makes no spans for requests, gathered calls and calls to other servers. A trace that a caller names is
///   passed on as it is, and a span that a feature asks for has the id of a trace, but is recorded nowhere.
/// - [#to(SpanProcessor)] makes them all, unless the caller's `traceparent` says that the trace is not sampled
///   (OpenTelemetry's own default, `parentbased_always_on`).
///
/// Thread-safe.
public final class Tracing implements AutoCloseable {
    private static final String SCOPE = "dev.heddle";
    private static final int LONGEST_FLUSH_SECONDS = 5;

    private final Tracer tracer;
    private final boolean isRecording;
    private final Runnable close;

    private Tracing(Tracer tracer, boolean isRecording, Runnable close) {
        this.tracer = tracer;
        this.isRecording = isRecording;
        this.close = close;
    }

    /// Nobody is told anything.
    public static Tracing silent() {
        return new Tracing(TracerProvider.noop().get(SCOPE), false, () -> {
        });
    }

    /// `processor` is given each span that ends, on the thread of its work; closed with this.
    public static Tracing to(SpanProcessor processor) {
        Resource heddle = Resource.getDefault().merge(Resource.builder().put("service.name", "heddle").build());
        SdkTracerProvider provider = SdkTracerProvider.builder().setResource(heddle).addSpanProcessor(processor)
                .setSampler(Sampler.parentBased(Sampler.alwaysOn())).build();
        return new Tracing(provider.get(SCOPE), true,
                () -> provider.shutdown().join(LONGEST_FLUSH_SECONDS, SECONDS));
    }

    /// Makes a span for each request, in which all that is done for it takes place.
    public ExchangeListener requests() {
        return new RequestSpans(this);
    }

    boolean isRecording() {
        return isRecording;
    }

    Tracer tracer() {
        return tracer;
    }

    /// Waits at most five seconds until what was recorded has been handed on.
    @Override
    public void close() {
        close.run();
    }
}
