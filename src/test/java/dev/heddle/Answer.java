package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import tools.jackson.databind.JsonNode;

/// What the server answered.
public record Answer(int status, Map<String, List<String>> headers, byte[] body) {
    Answer(HttpResponse<byte[]> response) {
        this(response.statusCode(), response.headers().map(), response.body());
    }

    /// This answer, if it has the status.
    public Answer expect(int wanted) {
        assertEquals(wanted, status, () -> "status of " + text());
        return this;
    }

    /// The first value of a header; its name in lower case.
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public JsonNode json() {
        return TestApp.JSON.readTree(body);
    }

    /// The locations of a 422's errors, such as `body.email`, sorted.
    public List<String> errorPlaces() {
        return json().get("errors").valueStream()
                .map(error -> String.join(".", error.get("loc").valueStream().map(JsonNode::asString).toList()))
                .sorted()
                .toList();
    }
}
