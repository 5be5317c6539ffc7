package dev.heddle.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a stream of events as WHATWG HTML, section "Interpreting an event stream", tells browsers to.
public final class EventReader {
    /// An event as a page gets it; `retry` is what was last said of the time to wait, -1 at first.
    public record Received(String type, String data, String lastEventId, long retry) {}

    private final BufferedReader lines;
    private final List<String> comments = new ArrayList<>();
    private String lastEventId = "";
    private long retry = -1;

    public EventReader(InputStream in) {
        // It ends lines at LF, CR LF and CR, as the standard does.
        this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /// The next event; empty at the end of the stream, which drops what is not finished.
    public Optional<Received> next() throws IOException {
        var data = new StringBuilder();
        String type = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    data.setLength(data.length() - 1);
                    return Optional.of(new Received(type.isEmpty() ? "message" : type, data.toString(), lastEventId,
                            retry));
                }
                type = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "" -> comments.add(value);
                case "event" -> type = value;
                case "data" -> data.append(value).append('\n');
                case "id" -> lastEventId = value.indexOf('\0') < 0 ? value : lastEventId;
                case "retry" -> retry = value.matches("[0-9]+") ? Long.parseLong(value) : retry;
                default -> throw new IOException("a field that nobody knows: " + line);
            }
        }
        return Optional.empty();
    }

    /// All events up to the end of the stream.
    public List<Received> rest() throws IOException {
        var rest = new ArrayList<Received>();
        for (var each = next(); each.isPresent(); each = next()) {
            rest.add(each.get());
        }
        return rest;
    }

    /// The comments that were passed over.
    public List<String> comments() {
        return List.copyOf(comments);
    }
}
