package dev.heddle.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One run of wrk.
final class Wrk {
    private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
    private static final Pattern PERCENTILE = Pattern.compile(" (50|99)% +([0-9.]+)(us|ms|s)");

    /// What a run showed: good answers a second, the median and the 99th percentile of the latency in milliseconds.
    record Result(double perSecond, double p50Millis, double p99Millis) {}

    private Wrk() {
    }

    /// @throws IllegalStateException if wrk is missing, or if a single answer was not 2xx or a socket failed
    static Result run(String url, int connections, int seconds, String... more)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("wrk", "-t2", "-c" + connections, "-d" + seconds + "s", "--latency",
                "--timeout", "60s"));
        command.addAll(List.of(more));
        command.add(url);
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        wrk.waitFor();
        if (output.contains("Non-2xx") || output.contains("Socket errors") || !output.contains("Requests/sec")) {
            throw new IllegalStateException("errors are no throughput:\n" + output);
        }
        Matcher rate = RATE.matcher(output);
        rate.find();
        return new Result(Double.parseDouble(rate.group(1)), percentile(output, "50"), percentile(output, "99"));
    }

    private static double percentile(String output, String which) {
        Matcher matcher = PERCENTILE.matcher(output);
        while (matcher.find()) {
            if (matcher.group(1).equals(which)) {
                double value = Double.parseDouble(matcher.group(2));
                return switch (matcher.group(3)) {
                    case "us" -> value / 1_000;
                    case "ms" -> value;
                    default -> value * 1_000;
                };
            }
        }
        throw new IllegalStateException("wrk said no percentile:\n" + output);
    }
}
