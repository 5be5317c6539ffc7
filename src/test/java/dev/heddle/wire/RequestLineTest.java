package dev.heddle.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import dev.heddle.server.TestServer;
import dev.heddle.web.Parameter;
import dev.heddle.web.Route;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the first line and the size of a head can be.
class RequestLineTest {
    private static final Parameter<String> NAME = Parameter.segment("name", 5_000, "A name.");
    private static final Parameter<String> Q = Parameter.text("q", 5_000, "A text.");
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(
                Route.get("/names/{name}", "Say a name.").with(NAME).gives(String.class)
                        .handledBy(request -> request.value(NAME)),
                Route.get("/texts", "Say a text.").with(Q).gives(String.class).handledBy(request -> request.value(Q)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "Get", "gET", "post", "head", "options", "delete"})
    void aMethodInLowerCaseIsUnknownThoughHelidonWouldServeIt(String method) {
        refused(method + " /names/ada HTTP/1.1\r\nHost: a\r\n\r\n", 501);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BREW", "GETT", "PROPFIND", "G", "M-SEARCH"})
    void anUnknownMethodIsNotImplemented(String method) {
        try (RawHttp connection = server.connect()) {
            connection.send(method + " /names/ada HTTP/1.1\r\nHost: a\r\n\r\n").answer().expectProblem(501);

            connection.send("GET /names/ada HTTP/1.1\r\nHost: a\r\n\r\n").answer().expect(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "GET /names/ada HTTP/1.0", "GET /names/ada HTTP/2.0", "GET /names/ada http/1.1", "GET /names/ada",
            "GET  /names/ada HTTP/1.1", "GET /names/ada HTTP/1.1 ", "GET /names/ a HTTP/1.1", " GET / HTTP/1.1",
            "GET\t/names/ada\tHTTP/1.1", "HTTP/1.1", "GET", "", "hello", "\u0016\u0003\u0001\u0002", "\u0000\u0000",
            "PRI * HTTP/2.0"})
    void whatIsNoRequestLineIsUnreadable(String line) {
        refused(line + "\r\nHost: a\r\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /names/ada HTTP/1.1\nHost: a\n\n", "GET /names/ada HTTP/1.1\rHost: a\r\r"})
    void aLineEndsInBothOfItsCharacters(String bytes) {
        refused(bytes, 400);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/names/%00", "/names/%ff", "/names/%c0%af", "/names/%ed%a0%80", "/names/..%2f", "/names/%2e%2e",
            "/names/../names", "/names/./ada", "/names/%", "/names/%4", "/names/%zz", "/names/a%2fb", "/names/a%5cb",
            "/names/%0d%0a", "/names/\u00e4", "/names/\u00c3\u00a4", "/names/%7f", "/texts?q=%ff", "/texts?q=%",
            "/texts?q=%e", "/texts?q=\u00e4", "/texts?%ff=a", "names/ada", "http://a/names/ada", "*", "?q=1", "//%00"})
    void anAddressThatHidesSomethingIsUnreadable(String target) {
        RawHttp.Answer answer = server.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").expectProblem(400);

        assertFalse(answer.text().contains("xception"), answer::text);
        servesTheNext();
    }

    @ParameterizedTest
    @CsvSource({"/names/%C3%A4,ä", "/names/a+b,a+b", "/names/a%20b,a b", "/names/%25,%", "/names/ada/,ada",
            "/texts?q=a+b,a b", "/texts?q=%2B,+", "/texts?q=%F0%9F%A7%B6,🧶", "/texts?q=a%2Fb,a/b", "/texts?q=a=b,a=b",
            "/texts/?q=1&&q=2,2", "/texts?q=a?b,a?b"})
    void anAddressIsDecodedAsUtf8(String target, String text) {
        assertEquals(text, server.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").expect(200).json().asString());
    }

    @ParameterizedTest
    @CsvSource({"/texts?q=%00,422", "/nowhere,404", "//names/ada,404", "/names//,422", "/names,404", "/names/a/b,404"})
    void anAddressThatIsReadableMayStillBeRefused(String target, int status) {
        server.ask("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").expectProblem(status);
    }

    @Test
    void aRequestLineOf5KilobytesIsTooLong() {
        refused("GET /names/" + "x".repeat(5_000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414);
        refused("x".repeat(5_000), 414);
        server.ask("GET /names/" + "x".repeat(4_000) + " HTTP/1.1\r\nHost: a\r\n\r\n").expect(200);
    }

    @Test
    void headersOf20KilobytesAreTooLarge() {
        String head = "GET /names/ada HTTP/1.1\r\nHost: a\r\n";
        refused(head + "X: " + "x".repeat(20_000) + "\r\n\r\n", 431);
        refused(head + "X: x\r\n".repeat(4_000) + "\r\n", 431);
        refused(head + "x".repeat(20_000), 431);
        server.ask(head + "X: " + "x".repeat(15_000) + "\r\n\r\n").expect(200);
    }

    @Test
    void whatHelidonAnswersItselfBearsTheCallersRequestId() {
        byte[] bytes = "GET /names/ada HTTP/1.1\r\nX-Request-Id: mine\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        try (RawHttp connection = server.connect()) {
            assertEquals("mine",
                    connection.send(bytes).answer().expectProblem(400).header("x-request-id").orElseThrow());
        }
    }

    private static void refused(String bytes, int status) {
        try (RawHttp connection = server.connect()) {
            RawHttp.Answer answer = connection.send(bytes).answer().expectProblem(status);

            assertTrue(connection.isClosed());
            assertFalse(answer.text().contains("xception"), answer::text);
        }
        servesTheNext();
    }

    private static void servesTheNext() {
        server.ask("GET /names/ada HTTP/1.1\r\nHost: a\r\n\r\n").expect(200);
    }
}
