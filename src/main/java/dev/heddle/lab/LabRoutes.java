package dev.heddle.lab;

import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Failure.Kind.TOO_LARGE;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.heddle.gates.CpuPool;
import dev.heddle.server.HandlerThreads;
import dev.heddle.upstream.Upstreams;
import dev.heddle.users.Users;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

/// What can be tried in the lab.
public final class LabRoutes {
    private static final Parameter<Optional<String>> NAME = Parameter.optionalText("name", 200,
            "Which file; `data.txt` if none is named.");

    /// What experiments are made with.
    public record Parts(Upstreams upstreams, CpuPool processor, HandlerThreads threads) {}

    private final Parts parts;
    private final Users users;
    private final Folder folder;

    /// Files are read from `folder`, and from nowhere else.
    public LabRoutes(Parts parts, Users users, Path folder) {
        this.parts = parts;
        this.users = users;
        this.folder = new Folder(folder);
    }

    public List<Route> routes() {
        var readFile = Route.get("/read-file", "Read a text file of the data folder.").with(NAME).gives(Content.class)
                .fails(NOT_FOUND, TOO_LARGE).handledBy(this::readFile);
        return Stream
                .of(new WaitingRoutes().routes(), new PlatformRoutes(parts.threads()).routes(),
                        new UpstreamRoutes(parts.upstreams()).routes(),
                        new ComputingRoutes(parts.processor()).routes(),
                        List.of(new Overview(users, parts.upstreams().github()).route(), readFile))
                .flatMap(List::stream).toList();
    }

    /// What stands in a file.
    record Content(String content) {}

    private Content readFile(Request request) {
        return new Content(folder.read(request.value(NAME).orElse("data.txt")));
    }
}
