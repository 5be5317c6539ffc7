package dev.heddle.observe;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.heddle.gates.Unavailable;
import dev.heddle.json.Json;
import dev.heddle.web.MediaType;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import com.sun.management.OperatingSystemMXBean;

/// What can be asked about the server itself.
public final class ObserveRoutes {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Metrics metrics;
    private final Health health;
    private final Supplier<PoolStatus> pool;

    /// `pool` says how the database's pool stands when it is asked.
    public ObserveRoutes(Metrics metrics, Health health, Supplier<PoolStatus> pool) {
        this.metrics = metrics;
        this.health = health;
        this.pool = pool;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/health/live", "Whether the server lives.").gives(State.class)
                        .handledBy(_ -> new State("UP")),
                Route.get("/health/ready", "Whether the server is ready for requests.").gives(State.class)
                        .handledBy(_ -> ready()),
                Route.get("/db-pool-status", "How the pool of database connections stands.").gives(PoolStatus.class)
                        .handledBy(_ -> pool.get()),
                Route.get("/metrics", "All numbers: Prometheus text, or JSON to who accepts only that.")
                        .givesStream("text/plain; version=0.0.4; charset=utf-8", MediaType.JSON)
                        .handledBy(this::metrics));
    }

    record State(String status) {}

    private State ready() {
        if (!health.isReady()) {
            throw new Unavailable("the server is not ready", RETRY);
        }
        return new State("UP");
    }

    private Object metrics(Request request) {
        String accept = request.header("Accept").orElse("");
        boolean wantsJson = accept.contains(MediaType.JSON) && !accept.contains("text/plain");
        return wantsJson ? Reply.of(Json.write(numbers())).with("Content-Type", MediaType.JSON) : metrics.text();
    }

    /// The names that the guides' monitoring page uses, and then ours.
    private Map<String, Number> numbers() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        var disk = new File(".");
        var numbers = new LinkedHashMap<String, Number>();
        numbers.put("cpu_percent", percent(system.getCpuLoad()));
        numbers.put("memory_percent", percent(1 - (double) system.getFreeMemorySize() / system.getTotalMemorySize()));
        numbers.put("disk_usage", percent(1 - (double) disk.getUsableSpace() / disk.getTotalSpace()));
        numbers.put("connections", metrics.values().getOrDefault("http_requests_in_flight", 0.0));
        numbers.putAll(metrics.values());
        return numbers;
    }

    private static double percent(double share) {
        return Math.round(share * 1_000) / 10.0;
    }
}
