package dev.heddle.server;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import dev.heddle.answers.AnswerSettings;
import dev.heddle.events.Event;
import dev.heddle.events.EventReader;
import dev.heddle.events.EventReader.Received;
import dev.heddle.web.Failure;
import dev.heddle.web.Reply;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final String GET = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";

    /// How the handler of a stream ended, told by the handler itself.
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    @Test
    void eachEventArrivesBeforeTheNextIsSent() {
        var turns = new Semaphore(0);
        try (TestServer server = start(HOUR, HOUR, (_, events) -> {
            for (int i = 0; i < 3; i++) {
                events.send(Event.data(i));
                turns.acquire();
            }
        }); RawHttp raw = server.connect()) {
            RawHttp.Answer head = raw.send(GET).answerToHead().expect(200);
            for (int i = 0; i < 3; i++) {
                assertEquals("data: " + i + "\n\n", raw.chunk());
                turns.release();
            }

            assertEquals("", raw.chunk());
            assertTrue(raw.isClosed(), "a stream takes its connection with it");
            assertEquals("text/event-stream", head.header("content-type").orElseThrow());
            assertEquals("no-cache", head.header("cache-control").orElseThrow());
            assertEquals("no", head.header("x-accel-buffering").orElseThrow());
            assertEquals("chunked", head.header("transfer-encoding").orElseThrow());
            assertEquals("close", head.header("connection").orElseThrow());
        }
    }

    @Test
    void aStreamThatWasLostIsResumed() throws Exception {
        try (TestServer server = start(HOUR, HOUR, (request, events) -> {
            int from = request.lastEventId().map(id -> Integer.parseInt(id) + 1).orElse(0);
            for (int i = from; i < 5; i++) {
                events.send(Event.data("line 1\nline " + i).id(i).named("step"));
            }
        })) {
            List<Received> all = received(server, "GET");

            assertEquals(IntStream.range(0, 5)
                    .mapToObj(i -> new Received("step", "line 1\nline " + i, String.valueOf(i), -1)).toList(), all);
            assertEquals(all.subList(3, 5), received(server, "GET", "Last-Event-ID", "2"));
        }
    }

    @Test
    void anIdThatIsTooLongIsRefused() {
        try (TestServer server = start(HOUR, HOUR, (_, events) -> events.send(Event.data("never")))) {
            RawHttp.Answer answer = server.ask(GET.replace("x\r\n\r\n", "x\r\nLast-Event-ID: " + "9".repeat(201)
                    + "\r\n\r\n")).expectProblem(422);

            assertEquals("Last-Event-ID", answer.json().get("errors").get(0).get("loc").get(1).asString());
        }
    }

    @Test
    void commentsKeepASilentStreamAlive() {
        var mayEnd = new CountDownLatch(1);
        try (TestServer server = start(HOUR, Duration.ofMillis(20), (_, events) -> {
            mayEnd.await();
            events.send(Event.data("at last"));
        }); RawHttp raw = server.connect()) {
            raw.send(GET).answerToHead().expect(200);
            for (int i = 0; i < 5; i++) {
                assertEquals(":\n\n", raw.chunk());
            }
            mayEnd.countDown();

            String chunk = raw.chunk();
            while (chunk.equals(":\n\n")) {
                chunk = raw.chunk();
            }
            assertEquals("data: at last\n\n", chunk);
            assertEquals("", raw.chunk());
        }
    }

    @Test
    void aStreamOutlivesTheDeadlineOfOtherAnswers() throws Exception {
        var settings = new ServerSettings("127.0.0.1", 0, 100, 1 << 16, 1 << 20, Duration.ofMillis(1), HOUR, HOUR,
                HOUR);
        try (TestServer server = TestServer.start(settings, Route.get("/events", "Some.").events((_, events) -> {
            events.send(Event.data("before"));
            events.pause(Duration.ofMillis(50));
            events.send(Event.data("after"));
        }))) {
            assertEquals(List.of("before", "after"), received(server, "GET").stream().map(Received::data).toList());
        }
    }

    /// No heartbeat and no stall helps here: only who reads the socket can know.
    @Test
    void aCallerWhoLeavesEndsTheWaitOfTheHandlerAtOnce() throws Exception {
        try (TestServer server = start(HOUR, HOUR, (_, events) -> {
            events.send(Event.data("hello"));
            waitForever();
        })) {
            try (RawHttp raw = server.connect()) {
                raw.send(GET).answerToHead().expect(200);
                assertEquals("data: hello\n\n", raw.chunk());
            }
            long left = System.nanoTime();

            assertEquals("interrupted", ends.poll(30, SECONDS));
            System.out.printf("left=%d us%n", (System.nanoTime() - left) / 1_000);
            assertEquals(new TestServer.Told("GET", "/events", 200), server.told().poll(30, SECONDS));
        }
    }

    @Test
    void aCallerWhoLeavesBeforeTheFirstEventIsNoticedToo() throws Exception {
        try (TestServer server = start(HOUR, HOUR, (_, _) -> waitForever())) {
            try (RawHttp raw = server.connect()) {
                raw.send(GET);
            }

            assertEquals("interrupted", ends.poll(30, SECONDS));
        }
    }

    @Test
    void whatACallerSendsMeanwhileDisturbsNothing() {
        var mayEnd = new CountDownLatch(1);
        try (TestServer server = start(HOUR, HOUR, (_, events) -> {
            events.send(Event.data("first"));
            mayEnd.await();
            events.send(Event.data("second"));
        }); RawHttp raw = server.connect()) {
            raw.send(GET).answerToHead().expect(200);
            assertEquals("data: first\n\n", raw.chunk());
            raw.send(GET.repeat(10_000));
            mayEnd.countDown();

            assertEquals("data: second\n\n", raw.chunk());
            assertEquals("", raw.chunk());
        }
    }

    @Test
    void aCallerWhoStopsReadingIsCut() throws Exception {
        try (TestServer server = start(Duration.ofMillis(300), HOUR, (_, events) -> {
            try {
                while (true) {
                    events.send(Event.data("x".repeat(100_000)));
                }
            } catch (IOException e) {
                ends.add("cut");
                throw e;
            }
        }); RawHttp raw = server.connect()) {
            raw.send(GET).answerToHead().expect(200);

            assertEquals("cut", ends.poll(30, SECONDS));
            assertEquals(200, server.told().poll(30, SECONDS).status());
        }
    }

    /// As when the heartbeat finds it out, though the handler sends nothing more.
    @Test
    void aCallerWhoStopsReadingIsCutAlsoWhileTheHandlerWaits() throws Exception {
        try (TestServer server = start(Duration.ofMillis(300), HOUR, (_, events) -> {
            Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        events.send(Event.data("x".repeat(100_000)));
                    }
                } catch (IOException _) {
                    ends.add("cut");
                }
            });
            waitForever();
        }); RawHttp raw = server.connect()) {
            raw.send(GET).answerToHead().expect(200);

            assertEquals(Set.of("cut", "interrupted"), Set.of(ends.poll(30, SECONDS), ends.poll(30, SECONDS)));
        }
    }

    @Test
    void aStopEndsStreamsInGoodOrder() throws Exception {
        TestServer server = start(HOUR, HOUR, (_, events) -> {
            events.send(Event.data("hello"));
            waitForever();
        });
        try (RawHttp raw = server.connect()) {
            raw.send(GET).answerToHead().expect(200);
            assertEquals("data: hello\n\n", raw.chunk());

            Thread stopping = Thread.ofVirtual().start(server::close);

            assertEquals("", raw.chunk(), "the last chunk tells that nothing was lost");
            assertEquals("interrupted", ends.poll(30, SECONDS));
            assertTrue(stopping.join(Duration.ofSeconds(25)), "a stream must not use up the grace");
        }
    }

    @Test
    void aFailureBeforeTheFirstEventIsAnswered() {
        try (TestServer server = start(HOUR, HOUR, (_, _) -> {
            throw Failure.notFound("no such stream");
        })) {
            assertEquals("no such stream", server.ask(GET).expectProblem(404).json().get("detail").asString());
        }
    }

    @Test
    void aFailureAfterwardsCutsTheStream() {
        try (TestServer server = start(HOUR, HOUR, (_, events) -> {
            events.send(Event.data("hello"));
            throw new IllegalStateException("secret");
        }); RawHttp raw = server.connect()) {
            raw.send(GET).answerToHead().expect(200);
            assertEquals("data: hello\n\n", raw.chunk());

            assertThrows(UncheckedIOException.class, raw::chunk, "a stream that just ended would look whole");
        }
    }

    @Test
    void aStreamOfNothingTellsBrowsersNotToConnectAgain() {
        try (TestServer server = start(HOUR, HOUR, (_, _) -> {})) {
            assertEquals(0, server.ask(GET).expect(204).body().length);
        }
    }

    @Test
    void aStopBeforeTheFirstEventLetsBrowsersConnectAgain() throws Exception {
        var isRunning = new CountDownLatch(1);
        TestServer server = start(HOUR, HOUR, (_, _) -> {
            isRunning.countDown();
            waitForever();
        });
        try (RawHttp raw = server.connect()) {
            raw.send(GET);
            isRunning.await();
            server.close();

            raw.answer().expect(200);
        }
    }

    @Test
    void headRunsNothing() {
        try (TestServer server = start(HOUR, HOUR, (_, _) -> ends.add("ran")); RawHttp raw = server.connect()) {
            RawHttp.Answer head = raw.send(GET.replace("GET", "HEAD")).answerToHead().expect(200);

            assertEquals("text/event-stream", head.header("content-type").orElseThrow());
            assertTrue(raw.isClosed());
            assertTrue(ends.isEmpty());
        }
    }

    @Test
    void aHandlerMayLookBeforeItPromisesEvents() throws Exception {
        Route route = Route.get("/events", "Some.").givesEvents()
                .handledBy(request -> {
                    String last = request.lastEventId().orElseThrow(() -> Failure.notFound("begin somewhere"));
                    return Reply.events(events -> events.send(Event.data("after " + last)));
                });
        try (TestServer server = TestServer.start(route)) {
            server.ask(GET).expectProblem(404);
            assertEquals("after 3", received(server, "GET", "Last-Event-ID", "3").getFirst().data());
        }
    }

    private void waitForever() throws InterruptedException {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            ends.add("interrupted");
            throw e;
        }
    }

    private static TestServer start(Duration stall, Duration heartbeat, Route.EventHandler handler) {
        return TestServer.start(TestServer.settings(stall, new AnswerSettings(heartbeat, true)),
                Route.get("/events", "Some.").events(handler));
    }

    private static List<Received> received(TestServer server, String method, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/events"))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            return new EventReader(response.body()).rest();
        }
    }
}
