package dev.heddle.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.heddle.server.ServerSettings;
import dev.heddle.server.TestServer;
import dev.heddle.web.Route;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DownloadsTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int READERS = IS_FULL ? 200 : 50;
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aDownloadHoldsLittleHoweverLongItIsAndHoweverSlowlyItIsRead() throws Exception {
        try (TestServer server = start(HOUR)) {
            var readers = new ArrayList<RawHttp>();
            long before = usedBytes();
            for (int i = 0; i < READERS; i++) {
                RawHttp reader = server.connect();
                readers.add(reader);
                reader.send("GET /download-large-file?lines=10000000 HTTP/1.1\r\nHost: x\r\n\r\n");
                assertTrue(reader.answerToHead().expect(200).header("transfer-encoding").isPresent());
                assertTrue(reader.chunk().startsWith("Line 0: xxx"));
            }

            long each = (usedBytes() - before) / READERS;
            System.out.printf("downloads=%d heap_each=%d KiB%n", READERS, each / 1_024);
            assertTrue(each < 1 << 20, () -> each + " bytes of heap a download");
            readers.forEach(RawHttp::close);
            for (int i = 0; i < READERS; i++) {
                assertEquals(200, server.told().poll(30, TimeUnit.SECONDS).status(), "whoever leaves frees all");
            }
        }
    }

    @Test
    void aDownloadThatNobodyReadsIsCut() throws Exception {
        try (TestServer server = start(Duration.ofMillis(300)); RawHttp reader = server.connect()) {
            reader.send("GET /download-large-file?lines=10000000 HTTP/1.1\r\nHost: x\r\n\r\n");

            assertEquals(200, server.told().poll(60, TimeUnit.SECONDS).status());
        }
    }

    private static TestServer start(Duration stall) {
        List<Route> routes = new StreamRoutes(StreamRoutes.PACE).routes();
        var settings = new ServerSettings("127.0.0.1", 0, 1_000, 1 << 16, 1 << 20, HOUR, HOUR, stall, Duration.ZERO);
        return TestServer.start(settings, routes.toArray(Route[]::new));
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
