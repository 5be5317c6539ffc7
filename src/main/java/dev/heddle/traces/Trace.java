package dev.heddle.traces;

import java.lang.ScopedValue.CallableOp;
import java.util.Optional;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import org.jspecify.annotations.Nullable;

/// A span, and how others are made below it. Immutable and thread-safe.
record Trace(Tracing tracing, Context context) {
    /// The span that the work at hand belongs to. Forks inherit it, which they would not from OpenTelemetry's ThreadLocal.
    static final ScopedValue<Trace> CURRENT = ScopedValue.newInstance();

    Span span() {
        return Span.fromContext(context);
    }

    Optional<String> id() {
        SpanContext own = span().getSpanContext();
        return own.isValid() ? Optional.of(own.getTraceId()) : Optional.empty();
    }

    /// Whether another server may be told of this span: someone has it recorded, or the caller told us of it.
    boolean isWorthTelling() {
        return tracing.isRecording() || span().getSpanContext().isRemote();
    }

    /// A new span below this one, begun now. Where nothing is recorded, there is none below that of our caller: whoever we
    /// call then finds the caller's own span, as if we were not between them.
    Trace child(String name, SpanKind kind, Attributes attributes) {
        if (!tracing.isRecording()) {
            return span().getSpanContext().isValid() ? this : new Trace(tracing, context.with(unrecorded()));
        }
        Span span = tracing.tracer().spanBuilder(name).setParent(context).setSpanKind(kind)
                .setAllAttributes(attributes).startSpan();
        return new Trace(tracing, context.with(span));
    }

    /// Has ids, and nothing else, since there is nobody to tell.
    private static Span unrecorded() {
        IdGenerator ids = IdGenerator.random();
        return Span.wrap(SpanContext.create(ids.generateTraceId(), ids.generateSpanId(), TraceFlags.getDefault(),
                TraceState.getDefault()));
    }

    /// Does `work` within this span, and ends it; if the work throws, the span is marked failed.
    <T extends @Nullable Object, X extends Exception> T call(CallableOp<? extends T, X> work) throws X {
        try {
            return ScopedValue.where(CURRENT, this).call(work);
        } catch (Exception | Error e) {
            fail(e);
            throw e;
        } finally {
            span().end();
        }
    }

    /// Marks the span failed. The message of `cause` might tell what is nobody's business, so it stays with the log.
    void fail(Throwable cause) {
        span().setAttribute(Conventions.ERROR_TYPE, cause.getClass().getName()).setStatus(StatusCode.ERROR);
    }
}
