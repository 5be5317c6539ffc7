package dev.heddle.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// The settings of one part. Each method reads one key and refuses, by [CannotStart], a value that the part cannot use.
public final class Page {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

    private final Settings settings;
    private final String name;

    Page(Settings settings, String name) {
        this.settings = settings;
        this.name = name;
    }

    /// The text as it stands, blanks around it removed; `fallback` if the setting is absent.
    public String text(String key, String fallback) {
        return settings.value(full(key)).map(String::strip).orElse(fallback);
    }

    /// A whole number from `least` to `most`.
    public int integer(String key, int fallback, int least, int most) {
        return read(key, fallback, "a whole number from " + least + " to " + most, text -> {
            int number = Integer.parseInt(text.replace("_", ""));
            return number >= least && number <= most ? number : null;
        });
    }

    /// `true` or `false`.
    public boolean flag(String key, boolean fallback) {
        return read(key, fallback, "true or false", text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
        });
    }

    /// A whole number with its unit: `250ms`, `30s`, `10m`, `24h` or `7d`, from `least` to `most`.
    public Duration duration(String key, Duration fallback, Duration least, Duration most) {
        String wanted = "a time such as 250ms, 30s, 10m, 24h or 7d, from " + said(least) + " to " + said(most);
        return read(key, fallback, wanted, text -> {
            Duration duration = parseDuration(text);
            return duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0 ? duration : null;
        });
    }

    /// A whole number of bytes with its unit: `16KiB`, `1MiB` or `2GiB`, or without one, from `least` to `most`.
    public int bytes(String key, int fallback, int least, int most) {
        return read(key, fallback, "a size such as 64KiB or 16MiB, from " + least + " to " + most + " bytes", text -> {
            long size = parseBytes(text);
            return size >= least && size <= most ? (int) size : null;
        });
    }

    /// One of the constants of `type`, in lower case with `-` for `_`.
    public <E extends Enum<E>> E choice(String key, E fallback, Class<E> type) {
        String choices = String.join(", ", Arrays.stream(type.getEnumConstants()).map(Page::wireName).toList());
        return read(key, fallback, "one of " + choices, text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> wireName(constant).equals(text)).findFirst().orElse(null));
    }

    private <T> T read(String key, T fallback, String wanted, Function<String, @Nullable T> parse) {
        String text = text(key, "");
        if (text.isEmpty()) {
            return fallback;
        }
        T value;
        try {
            value = parse.apply(text);
        } catch (NumberFormatException | DateTimeParseException _) {
            value = null;
        }
        if (value == null) {
            throw new CannotStart("app.yaml: setting '" + full(key) + "' must be " + wanted + ", not '" + text + "'");
        }
        return value;
    }

    private String full(String key) {
        return name + "." + key;
    }

    private static Duration parseDuration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new NumberFormatException(text);
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static long parseBytes(String text) {
        for (Unit unit : Unit.values()) {
            if (text.endsWith(unit.name())) {
                return Math.multiplyExact(Integer.parseInt(text.substring(0, text.length() - 3).strip()), unit.bytes);
            }
        }
        return Long.parseLong(text);
    }

    private enum Unit {
        KiB(1L << 10), MiB(1L << 20), GiB(1L << 30);

        private final long bytes;

        Unit(long bytes) {
            this.bytes = bytes;
        }
    }

    private static String said(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 != 0 ? millis + "ms" : millis / 1000 + "s";
    }

    private static String wireName(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
