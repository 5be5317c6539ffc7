package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.Test;

class StopTest {
    private static final ServerSettings LONG_GRACE = new ServerSettings("127.0.0.1", 0, 100, 1 << 16, 1 << 20,
            Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(60));

    record Said(String word) {}

    @Test
    void whatIsInFlightIsAnsweredAndEndsItsConnection() throws Exception {
        var isUnderway = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        TestServer server = TestServer.start(LONG_GRACE,
                Route.get("/slow", "Wait.").gives(Said.class).handledBy(_ -> {
                    isUnderway.countDown();
                    mayEnd.await();
                    return new Said("done");
                }));
        try (RawHttp busy = server.connect()) {
            busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            isUnderway.await();

            Thread stopping = Thread.ofVirtual().start(server::close);
            // Helidon has woken all it wakes once nobody can connect any more.
            while (canConnect(server)) {
                Thread.onSpinWait();
            }
            mayEnd.countDown();

            RawHttp.Answer answer = busy.answer().expect(200);
            assertEquals("done", answer.json().get("word").asString());
            assertEquals("close", answer.header("connection").orElseThrow());
            assertTrue(stopping.join(Duration.ofSeconds(10)), "a connection kept alive must not use up the grace");
        }
    }

    private static boolean canConnect(TestServer server) {
        try (RawHttp _ = server.connect()) {
            return true;
        } catch (RuntimeException _) {
            return false;
        }
    }
}
