package dev.heddle.events;

import java.time.Duration;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// One server-sent event (WHATWG HTML, section "Server-sent events"): its data, and what may go with them.
///
/// `data` may have any number of lines; its line ends arrive as single line feeds. `id` is what a reader that lost its
/// connection sends back as `Last-Event-ID`; it is 1 to 200 printable characters of ASCII, so that it comes back as it
/// went. `name` is the type that the reader listens for, `message` where there is none. `retry` is how long the reader
/// shall wait before it connects again. Immutable.
public record Event(String data, @Nullable String id, @Nullable String name, @Nullable Duration retry) {
    /// The longest id, in characters.
    public static final int LONGEST_ID = 200;

    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

    /// @throws IllegalArgumentException if `id` or `name` holds what would end its line or not come back, as a blank at
    ///         either end of an id, or `retry` is negative
    public Event {
        if (id != null && (id.isEmpty() || id.length() > LONGEST_ID || !isPrintable(id) || !id.equals(id.strip()))) {
            throw new IllegalArgumentException("id '" + id + "' is not 1 to 200 printable characters of ASCII");
        }
        if (name != null && (name.isEmpty() || !isPrintable(name))) {
            throw new IllegalArgumentException("name '" + name + "' is empty or not of printable characters of ASCII");
        }
        if (retry != null && retry.isNegative()) {
            throw new IllegalArgumentException("retry " + retry + " is negative");
        }
    }

    /// An event of nothing but `data`, written as `String.valueOf` does.
    public static Event data(Object data) {
        return new Event(String.valueOf(data), null, null, null);
    }

    /// The same event under this id.
    public Event id(String newId) {
        return new Event(data, newId, name, retry);
    }

    /// The same event under a number as its id.
    public Event id(long number) {
        return id(Long.toString(number));
    }

    /// The same event, of this type.
    public Event named(String newName) {
        return new Event(data, id, newName, retry);
    }

    /// The same event, with the time to wait before connecting again, which counts in whole milliseconds.
    public Event retry(Duration wait) {
        return new Event(data, id, name, wait);
    }

    /// The event as it is sent, with the empty line that ends it. The blank after each colon belongs to no value: a
    /// reader drops one, and so keeps those that the value begins with.
    String written() {
        var text = new StringBuilder(data.length() + 64);
        if (id != null) {
            text.append("id: ").append(id).append('\n');
        }
        if (name != null) {
            text.append("event: ").append(name).append('\n');
        }
        if (retry != null) {
            text.append("retry: ").append(retry.toMillis()).append('\n');
        }
        for (String line : LINE_END.split(data, -1)) {
            text.append("data: ").append(line).append('\n');
        }
        return text.append('\n').toString();
    }

    private static boolean isPrintable(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~');
    }
}
