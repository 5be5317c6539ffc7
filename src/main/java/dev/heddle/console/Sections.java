package dev.heddle.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.heddle.web.Route;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.tags.Tag;

/// The sections of the documentation. The first segment of a route's path says which it stands in; the lab, whose paths are
/// the guides', takes all that are not named here.
final class Sections {
    private static final Map<String, String> SECTIONS = Map.of("users", "users", "async-users", "users", "items",
            "items", "batch-insert", "items", "", "server", "health", "server", "metrics", "server", "db-pool-status",
            "server", "docs", "server", "openapi.json", "server");
    private static final Map<String, String> ABOUT = Map.of("users", "People: stored, searched, shown.", "items",
            "A catalogue: listed by cursor, imported and exported as streams.", "lab",
            "What the guides try out.", "server",
            "The server itself: how it goes, and what it can do.");

    private Sections() {
    }

    /// The section of a route.
    static String of(Route route) {
        String first = route.path().split("/", 3)[1];
        return SECTIONS.getOrDefault(first, "lab");
    }

    /// Lists the sections of `routes`, in their order.
    static void describe(List<Route> routes, OpenAPI api) {
        var tags = new LinkedHashMap<String, Tag>();
        for (Route route : routes) {
            tags.computeIfAbsent(of(route), name -> new Tag().name(name).description(ABOUT.get(name)));
        }
        api.tags(List.copyOf(tags.values()));
    }
}
