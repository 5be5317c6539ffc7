package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import dev.heddle.web.Failure;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the server writes into the log: one line for what a person must know, none for what a caller was told.
class LogTest {
    private static final Logger ROOT = Logger.getLogger("");

    private final List<LogRecord> lines = new CopyOnWriteArrayList<>();
    private final Handler ear = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                lines.add(line);
            }
        }

        @Override
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing was opened.
        }
    };
    private Handler[] others;
    private TestServer server;

    @BeforeEach
    void listen() {
        others = ROOT.getHandlers();
        for (Handler other : others) {
            ROOT.removeHandler(other);
        }
        ROOT.addHandler(ear);
        server = TestServer.start(
                Route.get("/bug", "A mistake of ours.").gives(Integer.class).handledBy(_ -> {
                    throw new IllegalStateException("why");
                }),
                Route.get("/slow", "Slow.").gives(Integer.class).handledBy(_ -> {
                    Thread.sleep(Duration.ofMillis(201));
                    return 1;
                }),
                Route.get("/conflict", "Fails.").gives(Integer.class).handledBy(_ -> {
                    throw Failure.conflict("not now");
                }));
    }

    @AfterEach
    void stop() {
        server.close();
        ROOT.removeHandler(ear);
        for (Handler other : others) {
            ROOT.addHandler(other);
        }
    }

    @Test
    void aMistakeOfOursIsOneLineWithItsCause() {
        ask("/bug").expectProblem(500);

        List<LogRecord> bugs = lines.stream().filter(line -> line.getMessage().startsWith("event=bug")).toList();
        assertEquals(1, bugs.size());
        assertEquals("event=bug request_id=mine route=/bug", bugs.getFirst().getMessage());
        assertInstanceOf(IllegalStateException.class, bugs.getFirst().getThrown());
    }

    @Test
    void aSlowRequestIsOneLine() {
        ask("/slow").expect(200);

        Awaitility.await().until(() -> !lines.isEmpty());
        String line = lines.getFirst().getMessage();
        assertTrue(line.startsWith("event=slow_request request_id=mine method=GET route=/slow status=200 seconds=0."),
                line);
        assertEquals(1, lines.size());
    }

    @Test
    void whatACallerWasToldIsNoLine() {
        ask("/conflict").expectProblem(409);
        ask("/nowhere").expectProblem(404);
        server.ask("nonsense\r\n\r\n").expectProblem(400);
        server.ask("GET /conflict HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n").expectProblem(400);
        try (RawHttp connection = server.connect()) {
            connection.send("POST /conflict HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n").finish().isClosed();
        }

        server.close();
        // The first request of all may be slow while classes are loaded.
        assertEquals(List.of(), lines.stream().map(LogRecord::getMessage)
                .filter(line -> !line.startsWith("event=slow_request")).toList());
    }

    private RawHttp.Answer ask(String path) {
        return server.ask("GET " + path + " HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n");
    }
}
