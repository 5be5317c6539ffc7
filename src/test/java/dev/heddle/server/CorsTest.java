package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.heddle.answers.AnswerSettings;
import dev.heddle.origins.CorsSettings;
import dev.heddle.web.Failure;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CorsTest {
    private static final String GOOD = "https://good.example";
    private static final String ALLOWED = "access-control-allow-origin";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    record Said(String word) {}

    @Test
    void aPreflightIsAnsweredAsBrowsersWantIt() {
        try (TestServer server = start(settings(true, GOOD, "http://localhost:5173"))) {
            RawHttp.Answer answer = preflight(server, "/value", GOOD).expect(204);

            assertEquals(GOOD, answer.header(ALLOWED).orElseThrow());
            assertEquals("GET, PUT", answer.header("access-control-allow-methods").orElseThrow());
            assertEquals("Content-Type, If-Match", answer.header("access-control-allow-headers").orElseThrow());
            assertEquals("60", answer.header("access-control-max-age").orElseThrow());
            assertEquals("true", answer.header("access-control-allow-credentials").orElseThrow());
            assertEquals("Origin", answer.header("vary").orElseThrow());
            assertEquals(0, answer.body().length);
        }
    }

    @Test
    void anAnswerSaysWhoMayReadIt() {
        try (TestServer server = start(settings(false, GOOD, "http://localhost:5173"))) {
            RawHttp.Answer answer = ask(server, "GET", "/value", "Origin: http://localhost:5173\r\n").expect(200);

            assertEquals("http://localhost:5173", answer.header(ALLOWED).orElseThrow());
            assertEquals("Origin", answer.header("vary").orElseThrow());
            assertEquals(Optional.empty(), answer.header("access-control-allow-credentials"));
            assertEquals(true, answer.header("access-control-expose-headers").orElseThrow().contains("X-Request-Id"));
        }
    }

    /// Else the page could not tell its user why.
    @Test
    void failuresMayBeReadToo() {
        try (TestServer server = start(settings(false, GOOD))) {
            assertEquals(204, preflight(server, "/nothing", GOOD).status());
            for (String path : List.of("/nothing", "/fails")) {
                assertEquals(GOOD, ask(server, "GET", path, "Origin: " + GOOD + "\r\n").expectProblem(404)
                        .header(ALLOWED).orElseThrow());
            }
            assertEquals(GOOD, ask(server, "PUT", "/value", "Origin: " + GOOD + "\r\n").expectProblem(405)
                    .header(ALLOWED).orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.example", "null", "https://good.example.evil.example", "http://good.example",
            "https://good.example:444", "https://GOOD.example", "https://good.example/", "*",
            "https://good.example, https://evil.example", "https://evil.example\r\nOrigin: https://good.example"})
    void anyOtherOriginIsToldNothing(String origin) {
        try (TestServer server = start(settings(true, GOOD))) {
            RawHttp.Answer answer = ask(server, "GET", "/value", "Origin: " + origin + "\r\n").expect(200);
            RawHttp.Answer preflight = preflight(server, "/value", origin);

            for (RawHttp.Answer each : List.of(answer, preflight)) {
                assertFalse(each.headers().keySet().stream().anyMatch(name -> name.startsWith("access-control")));
                assertEquals("Origin", each.header("vary").orElseThrow());
            }
            preflight(server, "/nothing", origin).expectProblem(404);
        }
    }

    @Test
    void withoutAnOriginACacheIsStillToldThatItMatters() {
        try (TestServer server = start(settings(true, GOOD))) {
            RawHttp.Answer answer = ask(server, "GET", "/value", "").expect(200);

            assertEquals(Optional.empty(), answer.header(ALLOWED));
            assertEquals("Origin", answer.header("vary").orElseThrow());
        }
    }

    @Test
    void aPlainOptionsStillNamesTheMethods() {
        try (TestServer server = start(settings(true, GOOD))) {
            assertEquals("GET, HEAD, OPTIONS", ask(server, "OPTIONS", "/value", "Origin: " + GOOD + "\r\n").expect(204)
                    .header("allow").orElseThrow());
        }
    }

    @Test
    void everySiteIsLetInByAStar() {
        try (TestServer server = start(settings(false, "*"))) {
            RawHttp.Answer answer = ask(server, "GET", "/value", "Origin: https://any.example\r\n").expect(200);

            assertEquals("*", answer.header(ALLOWED).orElseThrow());
            assertEquals(Optional.empty(), answer.header("vary"));
            assertEquals("*", preflight(server, "/value", "null").expect(204).header(ALLOWED).orElseThrow());
        }
    }

    @Test
    void nobodyIsLetInUnlessTheSettingsSaySo() {
        try (TestServer server = start(CorsSettings.NONE)) {
            RawHttp.Answer answer = ask(server, "GET", "/value", "Origin: " + GOOD + "\r\n").expect(200);

            assertFalse(answer.headers().keySet().stream().anyMatch(name -> name.startsWith("access-control")));
            assertEquals(Optional.empty(), answer.header("vary"));
            assertEquals(Optional.empty(), preflight(server, "/value", GOOD).header(ALLOWED));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"good.example", "https://good.example/", "https://Good.example", "null",
            "https://*.example", "https://a\r\nX: y"})
    void whatIsNoOriginIsRefusedAtTheStart(String origin) {
        assertThrows(IllegalArgumentException.class, () -> settings(false, origin));
    }

    @Test
    void aStarGoesWithNothingElse() {
        assertThrows(IllegalArgumentException.class, () -> settings(true, "*"));
        assertThrows(IllegalArgumentException.class, () -> settings(false, "*", GOOD));
    }

    private static CorsSettings settings(boolean hasCredentials, String... origins) {
        return new CorsSettings(List.of(origins), List.of("GET", "PUT"), List.of("Content-Type", "If-Match"), MINUTE,
                hasCredentials);
    }

    private static TestServer start(CorsSettings cors) {
        return TestServer.start(new ServerSettings("127.0.0.1", 0, 100, 1 << 16, 1 << 20, MINUTE, MINUTE, MINUTE,
                Duration.ZERO, AnswerSettings.DEFAULT, cors),
                Route.get("/value", "v").gives(Said.class).handledBy(_ -> new Said("hello")),
                Route.get("/fails", "v").gives(Said.class).handledBy(_ -> {
                    throw Failure.notFound("not here");
                }));
    }

    /// What a browser sends before a PUT of JSON (Fetch standard, "CORS-preflight fetch").
    private static RawHttp.Answer preflight(TestServer server, String path, String origin) {
        return ask(server, "OPTIONS", path, "Accept: */*\r\nAccess-Control-Request-Method: PUT\r\n"
                + "Access-Control-Request-Headers: content-type\r\nOrigin: " + origin + "\r\n");
    }

    private static RawHttp.Answer ask(TestServer server, String method, String path, String headers) {
        return server.ask(method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
    }
}
