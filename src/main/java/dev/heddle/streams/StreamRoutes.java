package dev.heddle.streams;

import static dev.heddle.web.Parameter.from;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import dev.heddle.events.Event;
import dev.heddle.events.EventStream;
import dev.heddle.gzip.Fixed;
import dev.heddle.json.Json;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// What can be asked for in long answers.
public final class StreamRoutes {
    /// How long after one event the next is sent, in the guides.
    public static final Duration PACE = Duration.ofMillis(500);

    private static final int EVENTS = 10;
    private static final int ROWS = 10_000;
    private static final String HUNDRED = "x".repeat(100);
    private static final byte[] REST_OF_LINE = (": " + HUNDRED + "\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LINE = "Line ".getBytes(StandardCharsets.US_ASCII);
    private static final Parameter<Integer> LINES = Parameter.count("lines", 1_000, from(1, 10_000_000),
            "How many lines.");

    private final Duration pace;

    /// Events are sent `pace` apart.
    public StreamRoutes(Duration pace) {
        this.pace = pace;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/stream-data", "Ten events, half a second apart: the numbers from 0 to 9, which are also "
                        + "their ids.").events(this::count),
                Route.get("/large-data", "A list of 10,000 rows.").givesList(Row.class).handledBy(_ -> Rows.JSON),
                Route.get("/download-large-file", "A file of lines `Line {i}: `, with i from 0, and a hundred `x`.")
                        .with(LINES).givesStream("text/plain").withoutDeadline().pinned()
                        .handledBy(StreamRoutes::download));
    }

    /// One of many.
    record Row(int id, String data) {}

    /// The same for everybody, so made once, when first asked for: to make it takes as long as to compress it.
    private static final class Rows {
        static final Fixed JSON = new Fixed(Json.write(
                IntStream.range(0, ROWS).mapToObj(id -> new Row(id, HUNDRED)).toList()));
    }

    private void count(Request request, EventStream events) throws IOException, InterruptedException {
        int first = after(request);
        for (int i = first; i < EVENTS; i++) {
            if (i > first) {
                events.pause(pace);
            }
            events.send(Event.data(i).id(i));
        }
    }

    /// The number after the one that the caller got last; an id that is none of ours means a new beginning.
    private static int after(Request request) {
        return request.lastEventId().filter(id -> id.matches("[0-9]")).map(id -> Integer.parseInt(id) + 1).orElse(0);
    }

    private static Reply download(Request request) {
        int lines = request.value(LINES);
        return Reply.stream(out -> writeLines(out, lines)).with("Content-Disposition",
                "attachment; filename=\"large.txt\"");
    }

    private static void writeLines(OutputStream out, int lines) throws IOException {
        for (int i = 0; i < lines; i++) {
            out.write(LINE);
            out.write(Integer.toString(i).getBytes(StandardCharsets.US_ASCII));
            out.write(REST_OF_LINE);
        }
    }
}
