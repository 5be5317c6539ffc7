package dev.heddle.traces;

import static java.util.stream.Collectors.toCollection;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.heddle.server.ExchangeListener.Asked;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

/// The spans that have ended, to be looked at.
public final class Spans {
    private final InMemorySpanExporter ended = InMemorySpanExporter.create();
    private final Tracing tracing = Tracing.to(SimpleSpanProcessor.create(ended));

    /// What makes them.
    public Tracing tracing() {
        return tracing;
    }

    /// Does `work` as the server does a request, whose span is called `GET`.
    void request(Work work) {
        var asked = new Asked("mine", "GET", "/", _ -> Optional.empty());
        tracing.requests().around(asked, () -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /// All that have ended, once there are so many.
    public List<SpanData> all(int number) {
        await().until(() -> ended.getFinishedSpanItems().size() >= number);
        assertEquals(number, ended.getFinishedSpanItems().size(), () -> edges(ended.getFinishedSpanItems()).toString());
        return ended.getFinishedSpanItems();
    }

    /// The only one of this name, once it has ended.
    public SpanData one(String name) {
        Function<List<SpanData>, List<SpanData>> named = spans -> spans.stream()
                .filter(span -> span.getName().equals(name)).toList();
        await().until(() -> !named.apply(ended.getFinishedSpanItems()).isEmpty());
        List<SpanData> found = named.apply(ended.getFinishedSpanItems());
        assertEquals(1, found.size(), name);
        return found.getFirst();
    }

    /// Each span that has ended as `its parent > itself`, sorted, once there are so many; the parent of a root is empty.
    public List<String> edges(int number) {
        return edges(all(number));
    }

    private static List<String> edges(List<SpanData> spans) {
        return spans.stream().map(span -> parent(span, spans) + " > " + span.getName()).sorted().toList();
    }

    private static String parent(SpanData span, List<SpanData> spans) {
        return spans.stream().filter(other -> other.getSpanId().equals(span.getParentSpanId())).map(SpanData::getName)
                .findFirst().orElse(span.getParentSpanContext().isValid() ? "unknown" : "");
    }

    /// The names of those that are marked failed, with the type of their error.
    public Set<String> failed() {
        return ended.getFinishedSpanItems().stream()
                .filter(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
                .map(span -> span.getName() + ": " + span.getAttributes().get(AttributeKey.stringKey("error.type")))
                .collect(toCollection(TreeSet::new));
    }

    public void clear() {
        ended.reset();
    }
}
