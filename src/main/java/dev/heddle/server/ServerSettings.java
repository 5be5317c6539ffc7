package dev.heddle.server;

import java.time.Duration;

import dev.heddle.answers.AnswerSettings;
import dev.heddle.origins.CorsSettings;
import dev.heddle.settings.Page;

/// How the HTTP server listens and what it bears. `port` 0 takes a free one.
public record ServerSettings(String host, int port, int maxConnections, int maxBodyBytes, int maxListBytes,
        Duration deadline, Duration slowRequest, Duration stall, Duration grace, AnswerSettings answers,
        CorsSettings cors) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public ServerSettings {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the host is blank");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port);
        }
        if (maxConnections < 1 || maxBodyBytes < 1) {
            throw new IllegalArgumentException("max-connections and max-body must be at least 1");
        }
        if (maxListBytes < maxBodyBytes) {
            throw new IllegalArgumentException("max-list-body must be at least max-body");
        }
    }

    /// With the default manner of answering, and no word to pages of other sites.
    public ServerSettings(String host, int port, int maxConnections, int maxBodyBytes, int maxListBytes,
            Duration deadline, Duration slowRequest, Duration stall, Duration grace) {
        this(host, port, maxConnections, maxBodyBytes, maxListBytes, deadline, slowRequest, stall, grace,
                AnswerSettings.DEFAULT, CorsSettings.NONE);
    }

    public static ServerSettings read(Page page, Page cors) {
        return new ServerSettings(page.text("host", "127.0.0.1"), page.integer("port", 8080, 0, 65_535),
                page.integer("max-connections", 10_500, 1, 1_000_000), page.bytes("max-body", MIB, KIB, 64 * MIB),
                page.bytes("max-list-body", 32 * MIB, MIB, 256 * MIB),
                page.duration("deadline", Duration.ofSeconds(30), Duration.ofMillis(1), Duration.ofHours(1)),
                page.duration("slow-request", Duration.ofSeconds(1), Duration.ofMillis(1), Duration.ofHours(1)),
                page.duration("stall", Duration.ofSeconds(10), Duration.ofMillis(10), Duration.ofHours(1)),
                page.duration("grace", Duration.ofSeconds(20), Duration.ZERO, Duration.ofMinutes(10)), answers(page),
                CorsSettings.read(cors));
    }

    private static AnswerSettings answers(Page page) {
        return new AnswerSettings(page.duration("heartbeat", AnswerSettings.DEFAULT.heartbeat(), Duration.ofMillis(10),
                Duration.ofHours(1)), page.flag("gzip", AnswerSettings.DEFAULT.isGzipped()));
    }
}
