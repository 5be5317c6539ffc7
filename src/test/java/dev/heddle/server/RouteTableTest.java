package dev.heddle.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;

import dev.heddle.server.RouteTable.Match;
import dev.heddle.web.Parameter;
import dev.heddle.web.Route;

import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final Parameter<Long> ID = Parameter.id("id", "Which.");
    private static final Parameter<String> NAME = Parameter.segment("name", 10, "Name.");

    private final RouteTable table = new RouteTable(List.of(
            route("/"), route("/users"), route("/users/search"), route("/items/"),
            Route.get("/users/{id}", "One.").with(ID).handledBy(_ -> ""),
            Route.delete("/users/{id}", "Delete.").with(ID).handledBy(_ -> ""),
            Route.get("/users/{id}/profile", "Profile.").with(ID).handledBy(_ -> ""),
            Route.get("/pairs/{id}/{name}", "Two.").with(ID, NAME).handledBy(_ -> "")));

    @Test
    void aLiteralWinsOverAParameter() {
        assertFound("/users/search", List.of(), "users", "search");
        assertFound("/users/{id}", List.of("7"), "users", "7");
    }

    @Test
    void parametersComeInOrder() {
        assertFound("/pairs/{id}/{name}", List.of("1", "a"), "pairs", "1", "a");
        assertFound("/users/{id}/profile", List.of("7"), "users", "7", "profile");
    }

    @Test
    void theRootIsAPath() {
        assertFound("/", List.of());
    }

    @Test
    void aTrailingSlashIsIgnoredUnlessThePathEndsWithOne() {
        assertFound("/users", List.of(), "users", "");
        assertFound("/users/{id}", List.of("7"), "users", "7", "");
        assertFound("/items/", List.of(), "items", "");
        assertInstanceOf(Match.UnknownPath.class, table.find("GET", List.of("items")));
    }

    @Test
    void whatHasNoRouteIsUnknown() {
        assertInstanceOf(Match.UnknownPath.class, table.find("GET", List.of("nowhere")));
        assertInstanceOf(Match.UnknownPath.class, table.find("GET", List.of("users", "7", "profile", "x")));
        assertInstanceOf(Match.UnknownPath.class, table.find("GET", List.of("users", "search", "profile")));
        assertInstanceOf(Match.UnknownPath.class, table.find("GET", List.of("pairs", "1")));
        assertInstanceOf(Match.UnknownPath.class, table.find("GET", List.of("Users")));
    }

    @Test
    void anEmptySegmentWithinAPathIsAValueOfItsParameter() {
        assertFound("/users/{id}/profile", List.of(""), "users", "", "profile");
    }

    @Test
    void headIsKnownWhereGetIs() {
        assertInstanceOf(Match.Found.class, table.find("HEAD", List.of("users")));
        assertInstanceOf(Match.WrongMethod.class, new RouteTable(List.of(
                Route.delete("/users", "Delete.").handledBy(_ -> ""))).find("HEAD", List.of("users")));
    }

    @Test
    void aWrongMethodIsToldTheRightOnes() {
        var wrong = assertInstanceOf(Match.WrongMethod.class, table.find("POST", List.of("users", "7")));

        assertEquals(List.of("DELETE", "GET", "HEAD", "OPTIONS"), List.copyOf(wrong.allowed()));
    }

    @Test
    void twoRoutesForOneMethodAndPathAreAMistake() {
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(List.of(route("/users"), route("/users"))));
        assertThrows(IllegalArgumentException.class, () -> new RouteTable(List.of(
                Route.get("/users/{id}", "One.").with(ID).handledBy(_ -> ""),
                Route.get("/users/{name}", "One.").with(NAME).handledBy(_ -> ""))));
    }

    private void assertFound(String path, List<String> values, String... segments) {
        var found = assertInstanceOf(Match.Found.class, table.find("GET", List.of(segments)));

        assertEquals(path, found.route().path());
        assertEquals(values, found.segments());
    }

    private static Route route(String path) {
        return Route.get(path, "Some.").handledBy(_ -> "");
    }
}
