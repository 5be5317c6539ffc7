package dev.heddle.traces;

import java.net.URI;
import java.util.Map;
import java.util.Objects;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import org.jspecify.annotations.Nullable;

/// The span of one attempt to ask another server something, while that lasts. Used by one thread.
public final class CallSpan {
    /// Where to: GET for `path`, which begins with a slash, below the address `base` of what we call `upstream`. `attempt`
    /// counts from 1.
    public record To(String upstream, URI base, String path, int attempt) {}

    /// What is attempted within the span.
    @FunctionalInterface
    public interface Attempt<T extends @Nullable Object, X extends Exception> {
        T make(CallSpan span) throws X;
    }

    private static final int FIRST_ERROR = 400;

    private final Span span;
    private final Map<String, String> headers;
    private int status;

    private CallSpan(Span span, Map<String, String> headers) {
        this.span = span;
        this.headers = headers;
    }

    /// The result of `attempt`, which is a span below the current one, if those are recorded; if it throws, the span is
    /// marked failed.
    public static <T extends @Nullable Object, X extends Exception> T around(To to, Attempt<? extends T, X> attempt)
            throws X {
        if (!Trace.CURRENT.isBound()) {
            return attempt.make(new CallSpan(Span.getInvalid(), Map.of()));
        }
        Trace here = Trace.CURRENT.get();
        Trace trace = here.tracing().isRecording()
                ? here.child("GET " + to.upstream, SpanKind.CLIENT, known(to))
                : here;
        var span = new CallSpan(trace.span(),
                trace.isWorthTelling() ? TraceHeaders.written(trace.context()) : Map.of());
        try {
            return attempt.make(span);
        } catch (Exception | Error e) {
            span.fail(e);
            throw e;
        } finally {
            span.span.end();
        }
    }

    /// What the request must bear so that the other server can go on with the trace, by name; empty if there is none.
    public Map<String, String> headers() {
        return headers;
    }

    /// The other server answered with `status`.
    public void answered(int status) {
        this.status = status;
        span.setAttribute(Conventions.STATUS, (long) status);
    }

    /// What went wrong with an upstream is told in words of ours, so the message may be seen.
    private void fail(Throwable cause) {
        span.setAttribute(Conventions.ERROR_TYPE,
                status >= FIRST_ERROR ? String.valueOf(status) : cause.getClass().getName())
                .setStatus(StatusCode.ERROR, Objects.requireNonNullElse(cause.getMessage(), ""));
    }

    private static Attributes known(To to) {
        String base = to.base.toString().replaceAll("/+$", "");
        var known = Attributes.builder().put(Conventions.METHOD, "GET").put(Conventions.URL, base + to.path)
                .put(Conventions.SERVER, to.base.getHost()).put(Conventions.PORT, (long) port(to.base));
        if (to.attempt > 1) {
            known.put(Conventions.RESENDS, to.attempt - 1L);
        }
        return known.build();
    }

    private static int port(URI address) {
        int usual = address.getScheme().equals("https") ? 443 : 80;
        return address.getPort() < 0 ? usual : address.getPort();
    }
}
