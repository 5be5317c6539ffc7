package dev.heddle.upstream;

import java.net.URI;
import java.time.Duration;

import dev.heddle.settings.CannotStart;
import dev.heddle.settings.Page;

/// Where an upstream is and what it bears. `inFlight` calls at once, of whose connections `keptAlive` are kept for later;
/// a call takes `timeout` at most, in line before the gate and with all its retries; an answer has `mostBytes` at most.
public record UpstreamSettings(String url, int inFlight, int keptAlive, Duration timeout, Duration longestQueue,
        int mostBytes) {
    /// Stands for the address of the lab upstream, which is known only once that listens.
    public static final String LAB = "lab";

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    public UpstreamSettings {
        if (inFlight < 1 || keptAlive < 1 || mostBytes < 1) {
            throw new IllegalArgumentException("bounds must be at least 1");
        }
        if (!timeout.isPositive() || !longestQueue.isPositive()) {
            throw new IllegalArgumentException("times must be more than zero");
        }
        if (!url.equals(LAB)) {
            checked(url);
        }
    }

    /// @throws CannotStart if a value cannot be used
    public static UpstreamSettings read(Page page, String fallbackUrl) {
        String url = page.text("url", fallbackUrl);
        try {
            return new UpstreamSettings(url, page.integer("in-flight", 100, 1, 100_000),
                    page.integer("kept-alive", 20, 1, 100_000),
                    page.duration("timeout", Duration.ofSeconds(10), Duration.ofMillis(1), Duration.ofMinutes(10)),
                    page.duration("longest-queue", Duration.ofMillis(250), Duration.ofMillis(1), Duration.ofMinutes(1)),
                    page.bytes("max-response", MIB, KIB, 64 * MIB));
        } catch (IllegalArgumentException e) {
            throw new CannotStart("app.yaml: an upstream's setting 'url' must be 'lab' or an address such as "
                    + "https://api.example.org/v1, not '" + url + "'", e);
        }
    }

    /// Whether this is the lab upstream.
    public boolean isLab() {
        return url.equals(LAB);
    }

    /// The same, with the lab upstream's address known to be `address`.
    public UpstreamSettings withLabAt(String address) {
        return isLab()
                ? new UpstreamSettings(address, inFlight, keptAlive, timeout, longestQueue, mostBytes)
                : this;
    }

    /// The base address.
    URI address() {
        return checked(url);
    }

    private static URI checked(String url) {
        URI uri = URI.create(url);
        boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        boolean isPlain = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
        if (!isHttp || uri.getHost() == null || !isPlain) {
            throw new IllegalArgumentException("'" + url + "' is no http address");
        }
        return uri;
    }
}
