package dev.heddle.traces;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

import dev.heddle.concurrent.Interceptor;
import dev.heddle.server.ExchangeListener;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/// Gives each request its span, and each call that is gathered for it. Thread-safe.
final class RequestSpans implements ExchangeListener {
    private static final int FIRST_SERVER_ERROR = 500;

    private final Tracing tracing;
    private final Trace nothingBefore;
    private final Interceptor children = new Children();

    RequestSpans(Tracing tracing) {
        this.tracing = tracing;
        this.nothingBefore = new Trace(tracing, Context.root());
    }

    @Override
    public void around(Asked asked, Runnable exchange) {
        Trace before = before(asked.headers());
        if (tracing.isRecording()) {
            record(before.child(asked.method(), SpanKind.SERVER, known(asked)), exchange);
        } else {
            ScopedValue.where(Trace.CURRENT, before).run(exchange);
        }
    }

    private void record(Trace request, Runnable exchange) {
        Runnable recorded = request.span().isRecording() ? () -> withChildren(exchange) : exchange;
        try {
            ScopedValue.where(Trace.CURRENT, request).run(recorded);
        } catch (RuntimeException | Error e) {
            request.fail(e instanceof RuntimeException && e.getCause() != null ? e.getCause() : e);
            throw e;
        } finally {
            request.span().end();
        }
    }

    private void withChildren(Runnable exchange) {
        children.bind(() -> {
            exchange.run();
            return null;
        });
    }

    /// What the request is called is known only now. Called within the span of the request.
    @Override
    public void answered(String method, String route, int status, Duration took) {
        Span span = Trace.CURRENT.get().span();
        if (!span.isRecording()) {
            return;
        }
        if (route.equals(UNKNOWN_ROUTE)) {
            span.updateName(name(method));
        } else {
            span.updateName(name(method) + " " + route).setAttribute(Conventions.ROUTE, route);
        }
        if (status != CALLER_LEFT) {
            span.setAttribute(Conventions.STATUS, (long) status);
        }
        if (status >= FIRST_SERVER_ERROR) {
            span.setAttribute(Conventions.ERROR_TYPE, String.valueOf(status)).setStatus(StatusCode.ERROR);
        }
    }

    /// What the caller tells of its own span, if it does.
    private Trace before(Function<String, Optional<String>> headers) {
        Context told = TraceHeaders.read(headers);
        return told == Context.root() ? nothingBefore : new Trace(tracing, told);
    }

    private static Attributes known(Asked asked) {
        String method = asked.method().equals(OTHER_METHOD) ? "_OTHER" : asked.method();
        return Attributes.of(Conventions.METHOD, method, Conventions.PATH, asked.path(), Conventions.SCHEME, "http",
                Conventions.REQUEST_ID, asked.requestId());
    }

    private static String name(String method) {
        return method.equals(OTHER_METHOD) ? "HTTP" : method;
    }

    /// Stands around each gathered call, on its thread, where the span that is current is that in which it was gathered.
    private static final class Children extends Interceptor {
        @Override
        public <T extends @Nullable Object> T around(String name, int turn, Callable<? extends T> call)
                throws Exception {
            return Traces.span(name + " " + turn, call::call);
        }
    }
}
