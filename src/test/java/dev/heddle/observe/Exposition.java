package dev.heddle.observe;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The Prometheus text format 0.0.4, read as strictly as a scraper does. Samples by name and labels, as they stand.
record Exposition(Map<String, Double> samples) {
    private static final Pattern SAMPLE = Pattern
            .compile("([a-z_]+)((?:\\{(?:[a-z_]+=\"[^\"\\\\]*\",?)+})?) ([0-9.E+-]+|NaN|[+-]Inf)");
    private static final Pattern COMMENT = Pattern
            .compile("# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge|histogram))");

    static Exposition read(String text) {
        var samples = new LinkedHashMap<String, Double>();
        for (String line : text.lines().toList()) {
            Matcher sample = SAMPLE.matcher(line);
            assertTrue(sample.matches() || COMMENT.matcher(line).matches(), line);
            if (sample.matches()) {
                String name = sample.group(1) + sample.group(2);
                assertTrue(samples.put(name, Double.valueOf(sample.group(3))) == null, "twice: " + name);
            }
        }
        return new Exposition(samples);
    }

    /// How many requests of that kind were counted.
    long requests(String method, String route, int status) {
        String labels = "{method=\"" + method + "\",route=\"" + route + "\",status=\"" + status + "\"}";
        return samples.getOrDefault("http_request_seconds_count" + labels, 0.0).longValue();
    }

    long count(Predicate<String> names) {
        return samples.keySet().stream().filter(names).count();
    }
}
