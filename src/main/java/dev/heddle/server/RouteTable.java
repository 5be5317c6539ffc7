package dev.heddle.server;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.heddle.web.Route;
import dev.heddle.web.Route.Method;

import org.jspecify.annotations.Nullable;

/// Finds the route for a method and a path in as many steps as the path has segments.
///
/// Ours, because Helidon tries its patterns one after the other and knows neither 405 nor HEAD nor a trailing slash.
/// A literal segment wins over a parameter. A trailing slash is ignored, unless a route's path ends with one. Immutable.
final class RouteTable {
    /// What a method and a path lead to. `segments` are those that stand for the route's path parameters, in order.
    sealed interface Match {
        record Found(Route route, List<String> segments) implements Match {}
        record WrongMethod(Set<String> allowed) implements Match {}
        record UnknownPath() implements Match {}
    }

    private final Node root = new Node();

    RouteTable(List<Route> routes) {
        routes.forEach(this::add);
    }

    /// `segments` are the decoded parts of the path between slashes; a trailing slash shows as an empty last one.
    Match find(String method, List<String> segments) {
        var values = new ArrayList<String>(2);
        Node node = walk(segments, values);
        if (node == null || node.routes.isEmpty()) {
            return new Match.UnknownPath();
        }
        Route route = node.byName.get(method);
        return route == null ? new Match.WrongMethod(node.allowed()) : new Match.Found(route, values);
    }

    private @Nullable Node walk(List<String> segments, List<String> values) {
        Node node = root;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            Node literal = node.literals.get(segment);
            if (literal != null) {
                node = literal;
            } else if (segment.isEmpty() && i == segments.size() - 1) {
                return node;
            } else if (node.parameter != null) {
                values.add(segment);
                node = node.parameter;
            } else {
                return null;
            }
        }
        return node;
    }

    private void add(Route route) {
        Node node = root;
        for (String segment : route.path().substring(1).split("/", -1)) {
            if (segment.startsWith("{")) {
                node.parameter = node.parameter == null ? new Node() : node.parameter;
                node = node.parameter;
            } else if (!route.path().equals("/")) {
                node = node.literals.computeIfAbsent(segment, _ -> new Node());
            }
        }
        if (node.routes.put(route.method(), route) != null) {
            throw new IllegalArgumentException("two routes for " + route);
        }
        node.byName.put(route.method().name(), route);
        if (route.method() == Method.GET) {
            node.byName.put("HEAD", route);
        }
    }

    private static final class Node {
        private final Map<String, Node> literals = new LinkedHashMap<>();
        private final Map<Method, Route> routes = new EnumMap<>(Method.class);
        private final Map<String, Route> byName = new LinkedHashMap<>();
        private @Nullable Node parameter;

        Set<String> allowed() {
            var names = new TreeSet<>(byName.keySet());
            names.add("OPTIONS");
            return names;
        }
    }
}
