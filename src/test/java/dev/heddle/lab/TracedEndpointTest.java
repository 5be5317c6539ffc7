package dev.heddle.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.heddle.TestApp;
import dev.heddle.traces.Spans;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(30)
class TracedEndpointTest {
    private static final String TRACE_ID = "(?!0{32})[0-9a-f]{32}";

    @ParameterizedTest
    @ValueSource(strings = {"virtual", "platform"})
    void isTwoSpansBelowThatOfItsRequest(String threads) {
        var spans = new Spans();
        try (TestApp app = TestApp.start(Map.of("HEDDLE_THREADS_KIND", threads), spans.tracing())) {
            spans.one("GET /openapi.json");
            spans.clear();

            JsonNode answer = app.get("/traced-endpoint").expect(200).json();

            assertEquals(List.of(" > GET /traced-endpoint", "GET /traced-endpoint > process_request",
                    "process_request > database_query"), spans.edges(3));
            SpanData process = spans.one("process_request");
            assertEquals(process.getTraceId(), answer.get("trace_id").asString());
            assertEquals("value", process.getAttributes().get(AttributeKey.stringKey("custom.attribute")));
            assertAtLeast(Duration.ofMillis(100), process);
            assertAtLeast(Duration.ofMillis(50), spans.one("database_query"));
        }
    }

    @Test
    void hasATraceEvenIfNothingIsRecorded() {
        try (TestApp app = TestApp.start()) {
            JsonNode first = app.get("/traced-endpoint").expect(200).json();
            JsonNode second = app.get("/traced-endpoint").expect(200).json();

            assertTrue(first.get("trace_id").asString().matches(TRACE_ID), first::toString);
            assertTrue(second.get("trace_id").asString().matches(TRACE_ID), second::toString);
            assertTrue(!first.equals(second), first::toString);
            assertEquals("processed", first.get("message").asString());
            assertEquals("0af7651916cd43dd8448eb211c80319c", app.ask("GET", "/traced-endpoint")
                    .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").send().expect(200)
                    .json().get("trace_id").asString());
        }
    }

    private static void assertAtLeast(Duration least, SpanData span) {
        var took = Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos());
        assertTrue(took.compareTo(least) >= 0, () -> span.getName() + " took " + took);
    }
}
