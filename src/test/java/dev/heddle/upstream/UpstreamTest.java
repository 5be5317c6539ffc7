package dev.heddle.upstream;

import static dev.heddle.upstream.FakeUpstream.cut;
import static dev.heddle.upstream.FakeUpstream.hang;
import static dev.heddle.upstream.FakeUpstream.json;
import static dev.heddle.upstream.FakeUpstream.raw;
import static dev.heddle.upstream.FakeUpstream.status;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.concurrent.Gather;
import dev.heddle.concurrent.Outcome;
import dev.heddle.gates.Unavailable;
import dev.heddle.upstream.FakeUpstream.Behaviour;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class UpstreamTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 1_024;

    private final FakeUpstream fake = FakeUpstream.doing(json("{\"login\": \"ada\"}"));
    private final Upstream upstream = open(100, LONG);

    @AfterEach
    void stop() throws IOException {
        upstream.close();
        fake.close();
    }

    @Test
    void readsTheObjectAtThePath() throws InterruptedException {
        assertEquals("ada", upstream.get("users", "ada").orElseThrow().get("login").asString());
        assertEquals("GET /users/ada HTTP/1.1", fake.requestLines().poll());
    }

    @Test
    void escapesWhatStandsInASegment() throws InterruptedException {
        upstream.get("users", "../a/b?c#d;e é%2f");

        assertEquals("GET /users/..%2Fa%2Fb%3Fc%23d%3Be%20%C3%A9%252f HTTP/1.1", fake.requestLines().poll());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void refusesSegmentsThatLeadElsewhere(String segment) {
        assertThrows(IllegalArgumentException.class, () -> upstream.get("users", segment));
    }

    @Test
    void keepsThePathOfTheBaseAddress() throws InterruptedException {
        try (var below = Upstream.open("fake", settings(fake.address() + "/v1/", 100, LONG))) {
            below.get("users", "ada");
        }

        assertEquals("GET /v1/users/ada HTTP/1.1", fake.requestLines().poll());
    }

    @Test
    void usesAConnectionAgain() throws InterruptedException {
        upstream.get("a");
        upstream.get("b");

        assertEquals(1, fake.connections());
        assertEquals(1, upstream.stats().kept());
    }

    @Test
    void keepsNoMoreConnectionsThanItMay() throws InterruptedException {
        var all = new CountDownLatch(1);
        fake.turn(FakeUpstream.after(all, json("{}")));
        List<Callable<Object>> calls = new ArrayList<>(Collections.nCopies(30, () -> upstream.get("a")));
        calls.add(() -> {
            fake.awaitRequests(30);
            all.countDown();
            return "signal";
        });

        Gather.all(calls);

        assertEquals(30, fake.connections());
        assertEquals(20, upstream.stats().kept());
    }

    @Test
    void asksAgainWhenAKeptConnectionHadBeenClosed() throws InterruptedException, IOException {
        upstream.get("a");
        fake.dropConnections();

        upstream.get("b");

        assertEquals(2, fake.connections());
        assertEquals(0, upstream.stats().retries());
    }

    @Test
    void unknownIsNoFailure() throws InterruptedException {
        fake.turn(status("404 Not Found", "{}"));

        assertTrue(upstream.get("users", "nobody").isEmpty());
        assertEquals(1, upstream.stats().kept());
    }

    @Test
    @Timeout(5)
    void whatIsNoAnswerOfUseIsBroken() {
        assertBroken(status("500 Internal Server Error", "{}"));
        assertBroken(status("302 Found\r\nLocation: http://127.0.0.1:1/", ""));
        assertBroken(status("401 Unauthorized", "{}"));
        assertBroken(json("{\"login\": "));
        assertBroken(json("[]"));
        assertBroken(json(""));
        assertBroken(raw("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\nno json here"));
        assertBroken(raw("SSH-2.0-OpenSSH_9.2\r\n"));
        assertBroken(raw("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n"));
        assertBroken(raw("HTTP/1.1 200 OK\r\nno header\r\n\r\n"));
        assertBroken(raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"));
        assertBroken(cut("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"));
        assertBroken(cut("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"));
        assertBroken(cut("HTT"));
        assertBroken(FakeUpstream.reset());
        assertEquals(0, upstream.stats().kept());
        assertEquals(0, upstream.stats().inFlight());
    }

    @Test
    void whoCannotBeReachedIsBroken() throws IOException {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        for (String address : List.of("http://127.0.0.1:" + port, "http://no-such-host.invalid")) {
            try (var nowhere = Upstream.open("fake", settings(address, 100, LONG))) {
                assertEquals(Kind.UPSTREAM_BROKEN, failureOf(nowhere).kind());
            }
        }
    }

    @Test
    void anAnswerMayHaveAsManyBytesAsAllowedAndNotOneMore() throws InterruptedException {
        String most = object(MOST_BYTES);
        String tooMuch = object(MOST_BYTES + 1);

        fake.turn(json(most));
        assertTrue(upstream.get("a").isPresent());
        fake.turn(raw(chunked(most)));
        assertTrue(upstream.get("a").isPresent());
        fake.turn(json(tooMuch));
        assertEquals("fake answers more than 1024 bytes", failureOf(upstream).getMessage());
        fake.turn(raw(chunked(tooMuch)));
        assertEquals(Kind.UPSTREAM_BROKEN, failureOf(upstream).kind());
    }

    @Test
    void aChunkWithoutEndIsCutOff() {
        fake.turn((_, socket) -> {
            byte[] block = new byte[8_192];
            raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffff\r\n").answer(1, socket);
            while (true) {
                socket.getOutputStream().write(block);
            }
        });

        assertEquals(Kind.UPSTREAM_BROKEN, failureOf(upstream).kind());
    }

    @Test
    void anUpstreamThatTakesTooLongIsSlow() throws InterruptedException {
        fake.turn(hang());
        try (var hasty = open(100, Duration.ofMillis(50))) {
            Failure failure = failureOf(hasty);

            assertEquals(Kind.UPSTREAM_SLOW, failure.kind());
            assertEquals("fake did not answer within 50 ms", failure.getMessage());
            fake.awaitHangUps(1);
        }
    }

    @Test
    void aByteNowAndThenBuysNoTime() {
        fake.turn((_, socket) -> {
            for (byte letter : ("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1_000)).getBytes()) {
                socket.getOutputStream().write(letter);
                Thread.sleep(10);
            }
        });
        try (var hasty = open(100, Duration.ofMillis(100))) {
            assertTimeIs(Duration.ofMillis(100), () -> assertEquals(Kind.UPSTREAM_SLOW, failureOf(hasty).kind()));
        }
    }

    @Test
    void theDeadlineOfTheCallerEndsACall() throws InterruptedException {
        fake.turn(hang());

        assertTimeIs(Duration.ofMillis(100), () -> assertThrows(DeadlinePassed.class,
                () -> Deadline.in(Duration.ofMillis(100)).call(() -> upstream.get("a"))));

        fake.awaitHangUps(1);
        assertEquals(0, upstream.stats().inFlight());
    }

    @Test
    void gatheredCallsInheritWhatIsLeft() throws InterruptedException {
        fake.turn(hang());

        assertTimeIs(Duration.ofMillis(100), () -> {
            List<Outcome<Object>> outcomes = Gather.within(Duration.ofMillis(100))
                    .settle(Collections.nCopies(2, () -> Gather.all(Collections.nCopies(2, () -> upstream.get("a")))));
            assertTrue(outcomes.stream().allMatch(Outcome.Failure.class::isInstance));
        });

        fake.awaitHangUps(4);
        assertEquals(0, upstream.stats().inFlight());
    }

    @Test
    void anInterruptEndsACallAtOnceAndLeavesNoBadConnectionBehind() throws InterruptedException {
        upstream.get("a");
        fake.turn(hang());
        var thrown = new AtomicReference<Throwable>();
        Thread caller = Thread.ofVirtual().start(() -> thrown.set(assertThrows(InterruptedException.class,
                () -> upstream.get("b"))));
        fake.awaitRequests(2);

        caller.interrupt();

        assertTrue(caller.join(Duration.ofSeconds(5)));
        assertFalse(thrown.get() == null);
        fake.awaitHangUps(1);
        assertEquals(0, upstream.stats().kept());
        assertEquals(0, upstream.stats().inFlight());
        fake.turn(json("{}"));
        assertTrue(upstream.get("c").isPresent());
    }

    @Test
    void whoFindsTheGateFullIsTurnedAwayAtOnce() throws InterruptedException {
        fake.turn(hang());
        try (var narrow = open(1, LONG)) {
            List<Thread> callers = List.of(asking(narrow), asking(narrow));
            fake.awaitRequests(1);
            await().until(() -> narrow.stats().inFlight() == 1 && narrow.stats().waiting() == 1);
            await().pollInterval(Duration.ofMillis(5)).until(() -> isTurnedAway(narrow));

            assertEquals(1, fake.requests());
            callers.forEach(Thread::interrupt);
        }
    }

    @Test
    void anUpstreamThatAsksForFewerCallsIsLeftAloneForSoLong() {
        fake.turn(status("429 Too Many Requests\r\nRetry-After: 7", ""));

        assertEquals(Duration.ofSeconds(7), assertThrows(Unavailable.class, () -> upstream.get("a")).retryAfter());
    }

    private void assertBroken(Behaviour behaviour) {
        fake.turn(behaviour);
        // A fresh one each time, since so many failures open a circuit.
        try (var fresh = open(100, LONG)) {
            assertEquals(Kind.UPSTREAM_BROKEN, failureOf(fresh).kind());
        }
    }

    private static boolean isTurnedAway(Upstream narrow) throws InterruptedException {
        try {
            Deadline.in(Duration.ofMillis(1)).call(() -> narrow.get("a"));
            return false;
        } catch (DeadlinePassed _) {
            return false;
        } catch (Unavailable _) {
            return true;
        }
    }

    private static Thread asking(Upstream upstream) {
        return Thread.ofVirtual().start(() -> assertThrows(InterruptedException.class, () -> upstream.get("a")));
    }

    private static Failure failureOf(Upstream upstream) {
        return assertThrows(Failure.class, () -> upstream.get("a"));
    }

    private static void assertTimeIs(Duration wanted, Executable work) {
        long start = System.nanoTime();
        assertDoesNotThrow(work);
        long millis = (System.nanoTime() - start) / 1_000_000;
        assertTrue(millis >= wanted.toMillis() && millis < wanted.toMillis() + 400, () -> "took " + millis + " ms");
    }

    private static String object(int length) {
        return "{\"a\":\"" + "x".repeat(length - 8) + "\"}";
    }

    private static String chunked(String body) {
        return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
                + body
                + "\r\n0\r\n\r\n";
    }

    private Upstream open(int inFlight, Duration timeout) {
        return Upstream.open("fake", settings(fake.address(), inFlight, timeout));
    }

    private static UpstreamSettings settings(String address, int inFlight, Duration timeout) {
        return new UpstreamSettings(address, inFlight, 20, timeout, Duration.ofMillis(50), MOST_BYTES);
    }
}
