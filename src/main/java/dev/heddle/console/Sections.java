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
    private static final Map<String, List<String>> SECTIONS = Map.of(
            "users", List.of("users", "async-users"),
            "items", List.of("items", "batch-insert"),
            "accounts", List.of("accounts", "transfer", "transactions", "batch-operation"),
            "tasks", List.of("tasks", "task-status", "process-data"),
            "files", List.of("files", "process-image"),
            "notices", List.of("send-notification", "send-bulk-emails", "activity"),
            "server", List.of("", "health", "metrics", "db-pool-status", "docs", "openapi.json"));
    private static final Map<String, String> ABOUT = Map.of(
            "users", "People: stored, searched, shown.",
            "items", "A catalogue: listed by cursor, imported and exported as streams.",
            "accounts", "Money: balances, transfers, batches with savepoints.",
            "tasks", "Work in the background: it survives a restart, reports progress, can be cancelled and retried.",
            "files", "Pictures: taken in, worked on in the background, handed back.",
            "notices", "E-mail in the background: one, or many with progress.",
            "lab", "What the guides try out.",
            "server", "The server itself: how it goes, and what it can do.");

    private Sections() {
    }

    /// The section of a route.
    static String of(Route route) {
        String first = route.path().split("/", 3)[1];
        return SECTIONS.entrySet().stream().filter(section -> section.getValue().contains(first)).findFirst()
                .map(Map.Entry::getKey).orElse("lab");
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
