package dev.heddle.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.heddle.gzip.Fixed;
import dev.heddle.web.Failure;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import org.jspecify.annotations.Nullable;

/// The documentation of the API, for programs and for people; every byte of it is served from here.
public final class DocsRoutes {
    private static final String HTML = "text/html; charset=utf-8";
    private static final String SCRIPT = "text/javascript; charset=utf-8";
    private static final String STYLE = "text/css; charset=utf-8";
    private static final String IMAGE = "image/png";
    private static final Parameter<String> FILE = Parameter.segment("file", 100, "A file of the page.");
    private static final String SWAGGER_UI = "/META-INF/resources/webjars/swagger-ui/5.34.1/";
    /// The files that the page names, and where each is.
    private static final Map<String, String> FILES = Map.of(
            "docs.js", "docs.js",
            "docs.css", "docs.css",
            "swagger-ui.css", SWAGGER_UI + "swagger-ui.css",
            "swagger-ui-bundle.js", SWAGGER_UI + "swagger-ui-bundle.js",
            "favicon-32x32.png", SWAGGER_UI + "favicon-32x32.png");
    // Swagger UI sets the style attribute of what it draws, so styles may be inline; scripts may not.
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final List<Route> routes = new ArrayList<>();
    private final List<Route> all;
    // Made when first asked for, twice if two ask at once: it takes a second that no start should wait for.
    private volatile @Nullable Fixed document;

    /// Documents `others` and itself.
    public DocsRoutes(List<Route> others) {
        routes.add(Route.get("/", "Say what this is.").gives(Message.class)
                .handledBy(_ -> new Message("This is Heddle. Its documentation is at /docs.")));
        routes.add(Route.get("/openapi.json", "This documentation, for programs.").givesStream(MediaType.JSON)
                .handledBy(_ -> openApi()));
        routes.add(Route.get("/docs", "This documentation, for people.").givesStream(HTML)
                .handledBy(_ -> page("docs.html", HTML)));
        routes.add(Route.get("/docs/{file}", "A file of the page.").with(FILE).givesStream(SCRIPT, STYLE, IMAGE)
                .fails(Failure.Kind.NOT_FOUND).handledBy(DocsRoutes::file));
        this.all = Stream.concat(others.stream(), routes.stream()).toList();
    }

    public List<Route> routes() {
        return List.copyOf(routes);
    }

    /// What this server is.
    record Message(String message) {}

    private Object openApi() {
        Fixed made = document;
        if (made == null) {
            made = new Fixed(OpenApi.of(all));
            document = made;
        }
        return made;
    }

    private static Object file(Request request) {
        String name = request.value(FILE);
        if (!FILES.containsKey(name)) {
            throw Failure.notFound("the page has no such file");
        }
        return page(FILES.get(name), switch (name.substring(name.lastIndexOf('.'))) {
            case ".css" -> STYLE;
            case ".js" -> SCRIPT;
            default -> IMAGE;
        });
    }

    private static Reply page(String resource, String mediaType) {
        try (InputStream in = DocsRoutes.class.getResourceAsStream(resource)) {
            return Reply.of(in.readAllBytes()).with("Content-Type", mediaType).with("Content-Security-Policy", POLICY)
                    .with("Referrer-Policy", "no-referrer").with("Cache-Control", "max-age=3600");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
