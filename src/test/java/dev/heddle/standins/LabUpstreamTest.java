package dev.heddle.standins;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.upstream.Upstream;
import dev.heddle.upstream.UpstreamSettings;
import dev.heddle.upstream.Upstreams;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LabUpstreamTest {
    private static final UpstreamSettings SETTINGS = new UpstreamSettings(UpstreamSettings.LAB, 10, 1,
            Duration.ofSeconds(10), Duration.ofSeconds(1), 1_000_000);

    private final LabUpstream lab = LabUpstream.start(Duration.ZERO);
    private final Upstreams upstreams = Upstreams.open(new Upstreams.All(SETTINGS, SETTINGS, SETTINGS), lab::address);
    private final Upstream upstream = upstreams.external();

    @AfterEach
    void stop() {
        upstreams.close();
        lab.close();
    }

    @Test
    void givesData() throws InterruptedException {
        assertEquals("lab", upstream.get("data").orElseThrow().get("source").asString());
    }

    @Test
    void canBeSlow() throws InterruptedException {
        assertTrue(upstream.get("slow", "1").isPresent());
        assertThrows(DeadlinePassed.class,
                () -> Deadline.in(Duration.ofMillis(50)).call(() -> upstream.get("slow", "60000")));
        assertThrows(DeadlinePassed.class, () -> Deadline.in(Duration.ofMillis(50)).call(() -> upstream.get("hang")));
    }

    @Test
    void canAnswerGarbageAndBreakOff() {
        assertEquals(Kind.UPSTREAM_BROKEN, assertThrows(Failure.class, () -> upstream.get("garbage")).kind());
        assertEquals(Kind.UPSTREAM_BROKEN, assertThrows(Failure.class, () -> upstream.get("cut")).kind());
    }
}
