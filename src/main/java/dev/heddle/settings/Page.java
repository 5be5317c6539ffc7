package dev.heddle.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The settings of one part. Each method reads one key; an absent or empty value is the `fallback`, and one that the
/// part cannot use is refused by [CannotStart], in a sentence that says what is wanted and what was given.
public final class Page {
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}");
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9}) ?([A-Za-z]*)");

    private final Settings settings;
    private final String name;

    Page(Settings settings, String name) {
        this.settings = settings;
        this.name = name;
    }

    /// The text as it stands, blanks around it removed.
    public String text(String key, String fallback) {
        return given(key).map(Given::text).orElse(fallback);
    }

    /// A whole number from `least` to `most`.
    public int integer(String key, int fallback, int least, int most) {
        return read(key, "a whole number from " + least + " to " + most, text -> NUMBER.matcher(text).matches()
                ? Optional.of(Integer.valueOf(text)).filter(number -> number >= least && number <= most)
                : Optional.empty()).orElse(fallback);
    }

    /// `true` or `false`.
    public boolean flag(String key, boolean fallback) {
        return read(key, "true or false", text -> switch (text) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> Optional.empty();
        }).orElse(fallback);
    }

    /// A whole number with its unit: `250ms`, `30s`, `10m`, `24h` or `7d`, from `least` to `most`.
    public Duration duration(String key, Duration fallback, Duration least, Duration most) {
        String wanted = "a time such as 250ms, 30s, 10m, 24h or 7d, from " + said(least) + " to " + said(most);
        Predicate<Duration> isWithin = time -> time.compareTo(least) >= 0 && time.compareTo(most) <= 0;
        return read(key, wanted, text -> time(text).filter(isWithin)).orElse(fallback);
    }

    /// A whole number of bytes with its unit: `16KiB`, `1MiB` or `1GiB`, or without one, from `least` to `most`.
    public int bytes(String key, int fallback, int least, int most) {
        String wanted = "a size such as 64KiB or 16MiB, from " + said(least) + " to " + said(most);
        Predicate<Long> isWithin = size -> size >= least && size <= most;
        return read(key, wanted, text -> size(text).filter(isWithin).map(Math::toIntExact)).orElse(fallback);
    }

    /// One of the constants of `type`, in lower case.
    public <E extends Enum<E>> E choice(String key, E fallback, Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        String wanted = constants.stream().map(Page::written).collect(Collectors.joining(" or "));
        return read(key, wanted,
                text -> constants.stream().filter(constant -> written(constant).equals(text)).findFirst())
                .orElse(fallback);
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private <T> Optional<T> read(String key, String wanted, Function<String, Optional<T>> reader) {
        return given(key).map(value -> reader.apply(value.text())
                .orElseThrow(() -> value.refused("must be " + wanted + ", not '" + value.text() + "'")));
    }

    private Optional<Given> given(String key) {
        return settings.given(name + "." + key);
    }

    private static Optional<Duration> time(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Optional.of(Duration.ofMillis(amount));
            case "s" -> Optional.of(Duration.ofSeconds(amount));
            case "m" -> Optional.of(Duration.ofMinutes(amount));
            case "h" -> Optional.of(Duration.ofHours(amount));
            case "d" -> Optional.of(Duration.ofDays(amount));
            default -> Optional.empty();
        };
    }

    private static Optional<Long> size(String text) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "" -> Optional.of(amount);
            case "KiB" -> Optional.of(amount << 10);
            case "MiB" -> Optional.of(amount << 20);
            case "GiB" -> Optional.of(amount << 30);
            default -> Optional.empty();
        };
    }

    private static String said(Duration time) {
        if (time.toMillisPart() != 0) {
            return time.toMillis() + "ms";
        }
        long seconds = time.toSeconds();
        if (seconds % 86_400 == 0 && seconds > 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3_600 == 0 && seconds > 0) {
            return seconds / 3_600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static String said(int bytes) {
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + " bytes";
    }
}
