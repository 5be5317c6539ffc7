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
    private static final Map<String, String> SECTIONS = Map.ofEntries(
            Map.entry("users", "users"),
            Map.entry("async-users", "users"),
            Map.entry("items", "items"),
            Map.entry("batch-insert", "items"),
            Map.entry("", "server"),
            Map.entry("health", "server"),
            Map.entry("metrics", "server"),
            Map.entry("db-pool-status", "server"),
            Map.entry("docs", "server"),
            Map.entry("openapi.json", "server"),
            Map.entry("files", "files"),
            Map.entry("process-image", "files"),
            Map.entry("tasks", "tasks"),
            Map.entry("task-status", "tasks"),
            Map.entry("process-data", "tasks"),
            Map.entry("send-notification", "notices"),
            Map.entry("send-bulk-emails", "notices"),
            Map.entry("activity", "notices"));
    private static final Map<String, String> ABOUT = Map.of("users", "People: stored, searched, shown.", "files",
            "Pictures: taken in, worked on in the background, handed back.", "items",
            "A catalogue: listed by cursor, imported and exported as streams.", "tasks",
            "Work in the background: it survives a restart, reports progress, can be cancelled and retried.", "notices",
            "E-mail in the background: one, or many with progress.", "lab",
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
