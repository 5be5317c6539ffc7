package dev.heddle.observe;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;

import dev.heddle.server.ExchangeListener;

import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jdk.management.VirtualThreadSchedulerMXBean;

/// Counts and times every request, and shows the numbers that the parts have about themselves. Thread-safe.
public final class Metrics implements ExchangeListener {
    private static final double[] BUCKET_SECONDS = {.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30};

    private record Series(String method, String route, int status) {}

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Histogram requestSeconds = Histogram.builder().name("http_request_seconds")
            .help("How long requests took, by route pattern, method and status.")
            .labelNames("method", "route", "status")
            .classicOnly().classicUpperBounds(BUCKET_SECONDS).register(registry);
    // The library finds a series by hashing a list of labels; a record finds it faster.
    private final Map<Series, DistributionDataPoint> series = new ConcurrentHashMap<>();
    private final Map<String, DoubleSupplier> gauges = new LinkedHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();

    public Metrics() {
        gauge("http_requests_in_flight", "Requests that are being answered.", inFlight::get);
        var scheduler = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
        gauge("virtual_threads_mounted", "Virtual threads that run on a carrier now.",
                scheduler::getMountedVirtualThreadCount);
        gauge("virtual_threads_queued", "Virtual threads that could run but wait for a carrier, about.",
                scheduler::getQueuedVirtualThreadCount);
        gauge("virtual_thread_carriers", "Platform threads that carry virtual threads.", scheduler::getPoolSize);
        gauge("heap_used_bytes", "Heap in use.",
                () -> ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        gauge("platform_threads", "Platform threads alive.", ManagementFactory.getThreadMXBean()::getThreadCount);
    }

    /// Shows what `value` says at the time it is asked. `name` ends in its unit, unless it counts things.
    public void gauge(String name, String help, DoubleSupplier value) {
        gauges.put(name, value);
        GaugeWithCallback.builder().name(name).help(help).callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    @Override
    public void started() {
        inFlight.incrementAndGet();
    }

    @Override
    public void answered(String method, String route, int status, Duration took) {
        inFlight.decrementAndGet();
        series.computeIfAbsent(new Series(method, route, status), this::series).observe(took.toNanos() / 1e9);
    }

    /// Everything, in the Prometheus text format 0.0.4.
    public byte[] text() {
        var out = new ByteArrayOutputStream(16 * 1024);
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// The gauges' present values by name.
    public Map<String, Double> values() {
        var values = new LinkedHashMap<String, Double>();
        gauges.forEach((name, value) -> values.put(name, value.getAsDouble()));
        return values;
    }

    private DistributionDataPoint series(Series wanted) {
        return requestSeconds.labelValues(wanted.method, wanted.route, String.valueOf(wanted.status));
    }
}
