package dev.heddle.observe;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ObserveRoutesTest {
    private static TestApp app;

    @BeforeAll
    static void start() {
        app = TestApp.start();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/live", "/health/ready"})
    void aServerThatRunsIsUp(String path) {
        assertEquals("UP", app.get(path).expect(200).json().get("status").asString());
    }

    @Test
    void requestsAreCountedByTheirRoute() {
        long id = app.createUser("counted");

        app.get("/users/" + id).expect(200);
        app.get("/users/" + id + "/").expect(200);
        app.get("/users/999999").expect(404);

        await().untilAsserted(() -> {
            assertEquals(2, metrics().requests("GET", "/users/{id}", 200));
            assertEquals(1, metrics().requests("GET", "/users/{id}", 404));
            assertEquals(1, metrics().requests("POST", "/users", 201));
        });
    }

    @Test
    void theBucketsOfAHistogramAddUp() {
        app.get("/health/live").expect(200);
        String labels = "{method=\"GET\",route=\"/health/live\",status=\"200\"";
        await().until(() -> metrics().requests("GET", "/health/live", 200) > 0);

        Exposition metrics = metrics();

        List<Double> buckets = metrics.samples().entrySet().stream()
                .filter(sample -> sample.getKey().startsWith("http_request_seconds_bucket" + labels))
                .map(sample -> sample.getValue()).toList();
        assertEquals(15, buckets.size());
        assertEquals(buckets.stream().sorted().toList(), buckets);
        assertEquals(metrics.samples().get("http_request_seconds_count" + labels + "}"), buckets.getLast());
        assertTrue(metrics.samples().get("http_request_seconds_sum" + labels + "}") > 0);
    }

    @Test
    void whateverPathsAScannerTriesTheyAreOneSeries() {
        for (int i = 0; i < 50; i++) {
            app.get("/wp-admin/" + i + ".php").expect(404);
        }

        await().until(() -> metrics().requests("GET", "unknown", 404) >= 50);
        assertEquals(0, metrics().count(name -> name.contains("php")));
        assertEquals(1, metrics().count(name -> name.startsWith("http_request_seconds_count")
                && name.contains("method=\"GET\",route=\"unknown\"")));
    }

    @Test
    void whateverMethodsAScannerTriesTheyAreOneSeries() throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < 20; i++) {
                var request = HttpRequest.newBuilder(app.address().resolve("/users"))
                        .method("BREW" + i, BodyPublishers.noBody()).build();
                assertEquals(501, client.send(request, BodyHandlers.discarding()).statusCode());
            }
        }

        await().until(() -> metrics().requests("other", "unknown", 501) == 20);
        assertEquals(0, metrics().count(name -> name.contains("BREW")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"http_requests_in_flight", "db_pool_connections_active", "db_pool_connections_idle",
            "db_pool_waiting", "db_pool_refused", "virtual_threads_mounted", "virtual_threads_queued",
            "virtual_thread_carriers", "platform_threads", "heap_used_bytes"})
    void eachPartShowsItsNumbers(String gauge) {
        assertTrue(metrics().samples().get(gauge) >= 0, gauge);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                                  | text/plain
            */*                                                   | text/plain
            application/openmetrics-text,text/plain;q=0.5,*/*     | text/plain
            text/plain, application/json;q=0.5                    | text/plain
            application/json                                      | application/json
            application/json, */*;q=0.1                           | application/json
            """)
    void theFormatIsTheOneAskedFor(String accept, String mediaType) {
        TestApp.Ask ask = app.ask("GET", "/metrics");

        Answer answer = (accept == null ? ask : ask.header("Accept", accept)).send().expect(200);

        assertEquals(mediaType, answer.header("content-type").orElseThrow().split(";")[0]);
    }

    @Test
    void theNumbersOfTheGuidesMonitoringPageAreThere() {
        JsonNode numbers = app.ask("GET", "/metrics").header("Accept", "application/json").send().json();

        for (String name : List.of("cpu_percent", "memory_percent", "disk_usage")) {
            double percent = numbers.get(name).asDouble();
            assertTrue(percent >= 0 && percent <= 100, name + " " + percent);
        }
        assertTrue(numbers.get("connections").asInt() >= 1, "this request is one");
        assertTrue(numbers.get("db_pool_waiting").isNumber());
    }

    @Test
    void thePoolsStatusAddsUp() {
        app.get("/users").expect(200);

        JsonNode status = app.get("/db-pool-status").expect(200).json();

        assertEquals(List.of("size", "checked_in", "checked_out", "overflow", "waiting"),
                List.copyOf(status.propertyNames()));
        assertTrue(status.get("size").asInt() >= 1);
        assertEquals(status.get("size"), status.get("checked_in"));
        assertEquals(0, status.get("overflow").asInt());
    }

    private static Exposition metrics() {
        return Exposition.read(app.get("/metrics").expect(200).text());
    }
}
