package dev.heddle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import dev.heddle.db.TestDatabase;
import dev.heddle.settings.Settings;
import dev.heddle.traces.Tracing;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real server, in this process, on a free port and a database of its own; and a client that asks it and holds each
/// exchange against the server's own `/openapi.json`.
public final class TestApp implements AutoCloseable {
    static final JsonMapper JSON = new JsonMapper();

    private final TestDatabase database;
    private final boolean isFirst;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final App app;
    private final Contract contract = new Contract();

    private TestApp(TestDatabase database, boolean isFirst, Map<String, String> settings, Tracing tracing) {
        this.database = database;
        this.isFirst = isFirst;
        // No test calls anybody in the world outside.
        var environment = new HashMap<>(
                Map.of("HEDDLE_UPSTREAM_GITHUB_URL", "lab", "HEDDLE_UPSTREAM_POSTS_URL", "lab"));
        environment.putAll(settings);
        environment.put("HEDDLE_DB_URL", database.jdbcUrl());
        environment.put("HEDDLE_SERVER_PORT", "0");
        this.app = App.start(AppSettings.read(Settings.read(Path.of("no-such-file.yaml"), environment)), tracing);
        contract.read(get("/openapi.json").text());
    }

    /// With the default settings.
    public static TestApp start() {
        return start(Map.of());
    }

    /// With settings given by their environment variables, such as `HEDDLE_SERVER_DEADLINE`.
    public static TestApp start(Map<String, String> settings) {
        return start(settings, Tracing.silent());
    }

    /// With settings, and with spans that go to `tracing`.
    public static TestApp start(Map<String, String> settings, Tracing tracing) {
        return new TestApp(TestDatabase.create(), true, settings, tracing);
    }

    /// Another node: a server of its own on the database of this one, which must be closed later.
    public TestApp startNode(Map<String, String> settings) {
        return new TestApp(database, false, settings, Tracing.silent());
    }

    /// What `json` says.
    public static JsonNode parsed(String json) {
        return JSON.readTree(json);
    }

    /// Where the server is, such as `http://127.0.0.1:12345`.
    public URI address() {
        return URI.create(app.address());
    }

    /// The database that the server uses, to look at it from behind.
    public TestDatabase database() {
        return database;
    }

    public Answer get(String path) {
        return ask("GET", path).send();
    }

    public Answer delete(String path) {
        return ask("DELETE", path).send();
    }

    public Answer post(String path, String json) {
        return ask("POST", path).json(json).send();
    }

    public Answer put(String path, String json) {
        return ask("PUT", path).json(json).send();
    }

    public Answer patch(String path, String json) {
        return ask("PATCH", path).json(json).send();
    }

    /// A request that is still to be sent.
    public Ask ask(String method, String path) {
        return new Ask(method, path);
    }

    /// Creates a user with this name, and says its id.
    public long createUser(String username) {
        Answer answer = post("/users", """
                {"username": "%s", "email": "%s@example.org", "full_name": "%s", "age": 36}
                """.formatted(username, username, username.toUpperCase(Locale.ROOT)));
        return answer.expect(201).json().get("id").asLong();
    }

    /// Creates an item with this name, and says its id.
    public long createItem(String name) {
        return post("/items", "{\"name\": \"" + name + "\", \"price\": 12.50}").expect(201).json().get("id").asLong();
    }

    @Override
    public void close() {
        client.close();
        app.close();
        if (isFirst) {
            database.close();
        }
    }

    /// A request that is being put together.
    public final class Ask {
        private final String method;
        private final String path;
        private final Map<String, String> headers = new HashMap<>();
        private byte[] body = {};

        private Ask(String method, String path) {
            this.method = method;
            this.path = path;
        }

        public Ask header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        public Ask json(String json) {
            return body("application/json", json.getBytes(StandardCharsets.UTF_8));
        }

        public Ask body(String mediaType, byte[] bytes) {
            body = bytes.clone();
            return header("Content-Type", mediaType);
        }

        String method() {
            return method;
        }

        String path() {
            return path;
        }

        Map<String, String> headers() {
            return headers;
        }

        byte[] body() {
            return body;
        }

        public Answer send() {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.address() + path))
                    .timeout(Duration.ofSeconds(60))
                    .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
            headers.forEach(request::header);
            try {
                HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
                var answer = new Answer(response);
                contract.check(this, answer);
                return answer;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
