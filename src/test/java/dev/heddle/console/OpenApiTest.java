package dev.heddle.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import dev.heddle.web.Failure.Kind;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Route;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiTest {
    private static final Parameter<Long> ID = Parameter.id("id", "Which loom.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, Parameter.from(1, 100), "How many.");

    record LoomBody(@Schema(example = "Jacquard") @NotNull @Size(max = 50) String loomName, @Nullable Integer shafts) {}

    record Loom(long id, String loomName, @Nullable Integer shafts, List<Thread> threads) {}

    record Thread(String colour) {}

    private static final class Elsewhere {
        record Loom(String other) {}
    }

    @Test
    void everyListedRouteIsThereAndNoOther() {
        JsonNode paths = document(Route.get("/looms", "List.").givesList(Loom.class).handledBy(_ -> ""),
                Route.post("/looms", "Build.").takes(LoomBody.class).creates(Loom.class).handledBy(_ -> ""),
                Route.delete("/looms/{id}", "Burn.").with(ID).handledBy(_ -> ""),
                Route.get("/secret", "Hidden.").gives(Loom.class).unlisted().handledBy(_ -> "")).get("paths");

        assertEquals(Set.of("/looms", "/looms/{id}"), names(paths));
        assertEquals(Set.of("get", "post"), names(paths.get("/looms")));
        assertEquals(Set.of("delete"), names(paths.get("/looms/{id}")));
    }

    @Test
    void whatIsGivenHasEachFieldAndNullOnlyWhereItSaysSo() {
        JsonNode loom = document(Route.get("/looms", "List.").givesList(Loom.class).handledBy(_ -> ""))
                .at("/components/schemas/Loom");

        assertEquals(Set.of("id", "loom_name", "shafts", "threads"), texts(loom.get("required")));
        assertTrue(loom.at("/properties/shafts/nullable").asBoolean());
        assertTrue(loom.at("/properties/loom_name/nullable").isMissingNode());
        assertFalse(loom.get("additionalProperties").asBoolean(true));
    }

    @Test
    void whatAGivenListHoldsIsDescribedToo() {
        JsonNode thread = document(Route.get("/looms", "List.").givesPage(Loom.class).handledBy(_ -> ""))
                .at("/components/schemas/Thread");

        assertEquals(Set.of("colour"), texts(thread.get("required")));
    }

    @Test
    void whatIsTakenMustHoldWhatItsConstraintsSay() {
        JsonNode body = document(Route.post("/looms", "Build.").takes(LoomBody.class).creates(Loom.class)
                .handledBy(_ -> "")).at("/components/schemas/LoomBody");

        assertEquals(Set.of("loom_name"), texts(body.get("required")));
        assertEquals(50, body.at("/properties/loom_name/maxLength").asInt());
        assertTrue(body.at("/properties/shafts/nullable").asBoolean());
    }

    @Test
    void aPatchNeedsNoField() {
        JsonNode document = document(Route.patch("/looms/{id}", "Change.").with(ID).takesPatch(LoomBody.class)
                .gives(Loom.class).handledBy(_ -> ""));

        assertEquals(Set.of(MediaType.MERGE_PATCH, MediaType.JSON),
                names(document.at("/paths/~1looms~1{id}/patch/requestBody/content")));
        assertTrue(document.at("/components/schemas/LoomBodyPatch/required").isMissingNode());
    }

    @Test
    void aParameterSaysItsPlaceAndItsBounds() {
        JsonNode parameters = document(Route.get("/looms/{id}", "Read.").with(ID, LIMIT).gives(Loom.class)
                .handledBy(_ -> "")).at("/paths/~1looms~1{id}/get/parameters");

        JsonNode id = parameters.get(0);
        assertEquals("path", id.get("in").asString());
        assertTrue(id.get("required").asBoolean());
        assertEquals(Long.MAX_VALUE, id.at("/schema/maximum").asLong());
        JsonNode limit = parameters.get(1);
        assertEquals("query", limit.get("in").asString());
        assertFalse(limit.get("required").asBoolean());
        assertEquals(List.of(1, 100, 20), List.of(limit.at("/schema/minimum").asInt(),
                limit.at("/schema/maximum").asInt(), limit.at("/schema/default").asInt()));
    }

    @Test
    void failuresAreThoseNamedAndThoseThatFollow() {
        JsonNode operations = document(
                Route.put("/looms/{id}", "Replace.").with(ID).takes(LoomBody.class).gives(Loom.class)
                        .fails(Kind.NOT_FOUND, Kind.STALE).handledBy(_ -> ""),
                Route.get("/looms", "List.").givesList(Loom.class).handledBy(_ -> "")).get("paths");

        assertEquals(Set.of("200", "400", "404", "412", "413", "415", "422", "default"),
                names(operations.at("/~1looms~1{id}/put/responses")));
        assertEquals("If-Match", operations.at("/~1looms~1{id}/put/parameters/1/name").asString());
        assertEquals(Set.of("200", "422", "default"), names(operations.at("/~1looms/get/responses")));
    }

    @Test
    void aResultMayBeOfSeveralMediaTypes() {
        JsonNode content = document(Route.get("/numbers", "Count.").givesStream("text/plain; charset=utf-8",
                MediaType.JSON).handledBy(_ -> "")).at("/paths/~1numbers/get/responses/200/content");

        assertEquals("string", content.at("/text~1plain/schema/type").asString());
        assertEquals("object", content.at("/application~1json/schema/type").asString());
    }

    @Test
    void whatIsGivenHasTheExamplesOfTheBodyThatMakesIt() {
        JsonNode loom = document(Route.post("/looms", "Build.").takes(LoomBody.class).creates(Loom.class)
                .handledBy(_ -> "")).at("/components/schemas/Loom/properties");

        assertEquals(1, loom.at("/id/example").asInt());
        assertEquals("Jacquard", loom.at("/loom_name/example").asString());
    }

    @Test
    void eachFailureHasAnExampleOfItsOwnStatus() {
        document(Route.get("/looms", "List.").givesList(Loom.class).handledBy(_ -> "")).at("/components/responses")
                .valueStream().map(response -> response.at("/content/application~1problem+json/example"))
                .filter(example -> !example.isMissingNode())
                .forEach(example -> assertEquals(example.get("status").asInt() == 422, example.has("errors")));
    }

    @Test
    void twoRecordsOfOneNameAreRefused() {
        IllegalStateException refusal = assertThrows(IllegalStateException.class,
                () -> document(Route.get("/looms", "List.").givesList(Loom.class).handledBy(_ -> ""),
                        Route.get("/others", "List.").givesList(Elsewhere.Loom.class).handledBy(_ -> "")));

        assertTrue(refusal.getMessage().endsWith("would have one name in the documentation"));
    }

    private static JsonNode document(Route... routes) {
        return new JsonMapper().readTree(OpenApi.of(List.of(routes)));
    }

    private static Set<String> names(JsonNode object) {
        return Set.copyOf(object.propertyNames());
    }

    private static Set<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).collect(Collectors.toUnmodifiableSet());
    }
}
