package dev.heddle.lab;

import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Failure.Kind.TOO_LARGE;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.heddle.cache.Cache;
import dev.heddle.cache.RedisTier;
import dev.heddle.concurrent.Interrupted;
import dev.heddle.gates.CpuPool;
import dev.heddle.json.Json;
import dev.heddle.redis.Redis;
import dev.heddle.server.HandlerThreads;
import dev.heddle.upstream.Upstreams;
import dev.heddle.users.Users;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// What can be tried in the lab.
public final class LabRoutes {
    private static final Parameter<Optional<String>> NAME = Parameter.optionalText("name", 200,
            "Which file; `data.txt` if none is named.");

    /// What experiments are made with.
    public record Parts(Upstreams upstreams, CpuPool processor, HandlerThreads threads, Redis redis) {}

    /// What took long to find out, and when that was.
    record Found(List<Integer> data, Instant timestamp) {}

    private static final Duration SEARCHED = Duration.ofSeconds(2);
    private static final Duration KEPT = Duration.ofSeconds(60);

    private final Parts parts;
    private final Cache<String, Found> found;
    private final Users users;
    private final Folder folder;

    /// Files are read from `folder`, and from nowhere else.
    public LabRoutes(Parts parts, Users users, Path folder) {
        this.parts = parts;
        RedisTier.Form<String, Found> form = RedisTier.Form.json("expensive", name -> name,
                bytes -> Json.readBack(bytes, Found.class));
        this.found = new Cache<>(1, new RedisTier<>(parts.redis(), KEPT, form));
        this.users = users;
        this.folder = new Folder(folder);
    }

    public List<Route> routes() {
        var readFile = Route.get("/read-file", "Read a text file of the data folder.").with(NAME).gives(Content.class)
                .fails(NOT_FOUND, TOO_LARGE).handledBy(this::readFile);
        var expensive = Route.get("/expensive-query", "Find out in two seconds what is then known for a minute.")
                .gives(Found.class).handledBy(_ -> expensive());
        return Stream
                .of(new WaitingRoutes().routes(), new PlatformRoutes(parts.threads()).routes(),
                        new UpstreamRoutes(parts.upstreams()).routes(),
                        new ComputingRoutes(parts.processor()).routes(),
                        List.of(new Overview(users, parts.upstreams().github()).route(), readFile, expensive))
                .flatMap(List::stream).toList();
    }

    private Reply expensive() {
        var cached = found.get("the answer", LabRoutes::search);
        return Reply.of(cached.value()).with("X-Cache", cached.isHit() ? "HIT" : "MISS");
    }

    private static Found search() {
        try {
            Waits.sleep(SEARCHED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Interrupted.because(e);
        }
        return new Found(List.of(1, 2, 3), Instant.now());
    }

    /// What stands in a file.
    record Content(String content) {}

    private Content readFile(Request request) {
        return new Content(folder.read(request.value(NAME).orElse("data.txt")));
    }
}
