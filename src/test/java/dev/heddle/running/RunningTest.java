package dev.heddle.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import dev.heddle.concurrent.Gather;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Route;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class RunningTest {
    private static final String WAITING = "dev.heddle.running.RunningServer.waitFor(";

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Callable<String> waiting = () -> RunningServer.waitFor(gate);

    @Test
    void showsNestedGathersNested() {
        Callable<List<String>> inner = () -> Gather.named("inner").all(Collections.nCopies(2, waiting));
        Route route = gathering("/nested", () -> Gather.named("outer").all(List.of(inner, inner, inner)));
        try (RunningServer server = RunningServer.start(gate, route)) {
            server.ask("/nested");

            JsonNode request = patiently().until(() -> only(server.running()), found -> count(found, "inner") == 6);

            assertEquals(List.of("outer 0", "outer 1", "outer 2"), names(request));
            for (JsonNode call : request.get("calls")) {
                assertEquals(List.of("inner 0", "inner 1"), names(call));
                assertEquals(2, call.get("calls_in_flight").asInt());
            }
            server.letGo();
            patiently().until(() -> server.running().get("in_flight").asInt() == 0);
        }
    }

    @Test
    void callsVanishOneByOne() {
        var first = new CountDownLatch(1);
        List<Callable<String>> calls = List.of(waiting, () -> RunningServer.waitFor(first), waiting);
        try (RunningServer server = RunningServer.start(gate, gathering("/three", () -> Gather.all(calls)))) {
            server.ask("/three");
            patiently().until(() -> count(only(server.running()), "gather") == 3);

            first.countDown();

            JsonNode request = patiently().until(() -> only(server.running()), found -> count(found, "gather") == 2);
            assertEquals(List.of("gather 0", "gather 2"), names(request));
            assertEquals(2, request.get("calls_in_flight").asInt());
        }
    }

    @Test
    void showsTheThreadOnWhichTheHandlerRunsAndAnswersWhenNoneIsFree() {
        Route alone = Route.get("/alone", "Waits.").gives(Object.class).handledBy(_ -> List.of(waiting.call()));
        Route three = gathering("/three", () -> Gather.named("three").all(Collections.nCopies(3, waiting)));
        try (RunningServer server = RunningServer.startOnPlatform(gate, alone, three)) {
            server.ask("/alone");
            JsonNode request = patiently().until(() -> only(server.running()),
                    found -> frames(found).contains(WAITING));
            server.ask("/three");
            JsonNode inLine = patiently().until(() -> server.running().get("requests").path(1), found -> !found
                    .isMissingNode());

            assertEquals("platform", request.get("thread").asString());
            assertEquals("waiting", request.get("state").asString());
            assertEquals("virtual", inLine.get("thread").asString());
            assertTrue(frames(inLine).contains("dev.heddle.gates.PlatformPool.call("), inLine::toString);
        }
    }

    @Test
    void whatAPlatformThreadGathersIsShownAsWell() {
        Route three = gathering("/three", () -> Gather.named("three").all(Collections.nCopies(3, waiting)));
        try (RunningServer server = RunningServer.startOnPlatform(gate, three)) {
            server.ask("/three");

            JsonNode request = patiently().until(() -> only(server.running()), found -> count(found, "three") == 3);

            assertEquals("platform", request.get("thread").asString());
            request.get("calls").forEach(call -> {
                assertEquals("platform", call.get("thread").asString());
                assertTrue(frames(call).contains(WAITING), call::toString);
            });
        }
    }

    @Test
    void anAnswerThatIsBeingWrittenIsStillRunning() {
        Route stream = Route.get("/stream", "Waits while it writes.").givesStream("text/plain").withoutDeadline()
                .handledBy(_ -> Reply.stream(out -> {
                    out.write('a');
                    out.flush();
                    try {
                        waiting.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }));
        try (RunningServer server = RunningServer.start(gate, stream)) {
            server.ask("/stream");

            JsonNode request = patiently().until(() -> only(server.running()),
                    found -> frames(found).contains(WAITING));

            assertTrue(request.get("time_left_seconds").isNull());
        }
    }

    @Test
    void aThousandRequestsAreTheOldestFewAndTheirNumber() {
        Route hold = gathering("/hold/{id}", () -> Gather.all(Collections.nCopies(3, waiting)), Parameter.id("id", ""));
        try (RunningServer server = RunningServer.start(gate, hold)) {
            IntStream.rangeClosed(1, 1_000).forEach(i -> server.ask("/hold/" + i));
            patiently().until(() -> server.running().get("in_flight").asInt() == 1_000);

            String most = server.get("/running?limit=100");

            JsonNode shown = server.running().get("requests");
            assertEquals(50, shown.size());
            List<Double> ages = shown.valueStream().map(request -> request.get("age_seconds").asDouble()).toList();
            assertEquals(ages.stream().sorted(Collections.reverseOrder()).toList(), ages);
            assertEquals(7, RunningServer.parsed(server.get("/running?limit=7")).get("requests").size());
            List<JsonNode> all = RunningServer.parsed(most).get("requests").valueStream().toList();
            assertEquals(100, all.size());
            assertEquals(200, all.stream().mapToInt(request -> request.get("calls").size()).sum());
            assertTrue(all.stream().allMatch(request -> request.get("calls_in_flight").asInt() == 3));
            int bytes = most.getBytes(StandardCharsets.UTF_8).length;
            assertTrue(bytes < 1_000_000, () -> bytes + " bytes");
        }
    }

    @Test
    void ofManyCallsAFewAreShownAndOfDeepOnesNotAll() {
        Route wide = gathering("/wide", () -> Gather.all(Collections.nCopies(1_000, waiting)));
        Route deep = gathering("/deep", () -> deep(20));
        try (RunningServer server = RunningServer.start(gate, wide, deep)) {
            server.ask("/wide");
            JsonNode one = patiently().until(() -> only(server.running()),
                    found -> found.path("calls_in_flight").asInt() == 1_000);
            server.ask("/deep");
            JsonNode two = patiently().until(() -> server.running().get("requests").path(1),
                    found -> depth(found) == Survey.MOST_DEPTH);

            assertEquals(20, one.get("calls").size());
            assertEquals("/deep", two.get("path").asString());
        }
    }

    @Test
    void showsThePathWithoutItsQueryAndNotAllOfALongOne() {
        Route route = Route.get("/paths/{path}", "Waits.").with(Parameter.segment("path", 2_000, "Any."))
                .gives(Object.class).handledBy(_ -> List.of(waiting.call()));
        try (RunningServer server = RunningServer.start(gate, route)) {
            server.ask("/paths/a%20b?token=secret");
            server.ask("/paths/" + "x".repeat(1_000) + "?token=secret");

            JsonNode found = patiently().until(server::running, running -> running.get("in_flight").asInt() == 2);

            assertFalse(found.toString().contains("secret"), found::toString);
            assertEquals(List.of("/paths/a%20b", "/paths/" + "x".repeat(193)),
                    found.get("requests").valueStream().map(request -> request.get("path").asString()).sorted()
                            .toList());
        }
    }

    @Test
    void whoeverAsksWithinHalfASecondIsShownTheSame() {
        try (RunningServer server = RunningServer.start(gate)) {
            patiently().until(() -> server.get("/running").equals(server.get("/running?limit=1")));
            String first = server.get("/running");
            patiently().until(() -> !server.get("/running").equals(first));
        }
    }

    /// A loaded machine needs longer than the usual ten seconds.
    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(40));
    }

    private static Route gathering(String path, Callable<? extends List<?>> work, Parameter<?>... parameters) {
        return Route.get(path, "Gathers.").with(parameters).gives(Object.class).handledBy(_ -> work.call());
    }

    private List<?> deep(int levels) throws InterruptedException {
        Callable<?> below = levels == 1 ? waiting : () -> deep(levels - 1);
        return Gather.all(List.of(below));
    }

    private static int depth(JsonNode node) {
        return node.path("calls").isEmpty() ? 0 : 1 + depth(node.get("calls").get(0));
    }

    /// The first of the requests; a missing node if there is none yet.
    private static JsonNode only(JsonNode running) {
        return running.get("requests").path(0);
    }

    /// How many calls of that gathering are shown, at any depth.
    private static int count(JsonNode node, String gathering) {
        return node.path("calls").valueStream().mapToInt(
                call -> (call.get("gathering").asString().equals(gathering) ? 1 : 0) + count(call, gathering)).sum();
    }

    private static List<String> names(JsonNode node) {
        return node.get("calls").valueStream()
                .map(call -> call.get("gathering").asString() + " " + call.get("turn").asInt()).toList();
    }

    private static String frames(JsonNode node) {
        return node.path("frames").toString();
    }
}
