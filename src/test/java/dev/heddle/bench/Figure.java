package dev.heddle.bench;

import java.util.Arrays;
import java.util.Locale;

/// What was promised, what was measured, and whether that keeps the promise.
record Figure(String what, String promised, String measured, boolean isKept) {
    @Override
    public String toString() {
        return String.format("%-4s %-58s %-28s %s", isKept ? "yes" : "NO", what, promised, measured);
    }

    /// As in `String.format`, with a point in numbers.
    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static double median(double... figures) {
        return percentile(50, figures);
    }

    /// The smallest of `figures` that so many hundredths of them do not exceed.
    static double percentile(int which, double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(sorted.length * which / 100.0) - 1)];
    }
}
