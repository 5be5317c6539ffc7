package dev.heddle.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class DocsRoutesTest {
    private static final Pattern NAMED_FILE = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Pattern OTHER_HOST = Pattern.compile("(?i)https?:|[\"'(]//");

    private static TestApp app;
    private static JsonNode document;

    @BeforeAll
    static void start() {
        app = TestApp.start();
        document = app.get("/openapi.json").expect(200).json();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void whatIsDocumentedIsServed() {
        document.get("paths").properties().forEach(path -> {
            Answer answer = app.ask("OPTIONS", path.getKey().replaceAll("\\{[^}]*}", "1")).send();
            List<String> allowed = Arrays.asList(answer.header("allow").orElse("").split(", *"));

            path.getValue().propertyNames().forEach(method -> assertTrue(
                    allowed.contains(method.toUpperCase(Locale.ROOT)), method + " " + path.getKey() + ": " + allowed));
        });
        assertTrue(document.get("paths").size() > 15);
    }

    @Test
    void everyOperationIsNamedOnceAndSummedUp() {
        var ids = new HashSet<String>();

        document.get("paths").forEach(path -> path.forEach(operation -> {
            assertTrue(ids.add(operation.get("operationId").asString()), operation.toString());
            assertTrue(operation.get("summary").asString().endsWith("."), operation.toString());
            operation.path("parameters")
                    .forEach(parameter -> assertTrue(parameter.get("description").asString().endsWith(".")));
            operation.get("responses").forEach(response -> assertTrue(response.has("$ref")
                    || response.get("description").asString().endsWith(".")));
        }));
    }

    @Test
    void everySectionSaysWhatItIs() {
        var used = new HashSet<String>();
        document.get("paths").forEach(path -> path.forEach(operation -> used.add(
                operation.at("/tags/0").asString())));

        var described = new HashSet<String>();
        document.get("tags").forEach(tag -> {
            described.add(tag.get("name").asString());
            assertTrue(tag.has("description"), tag + " wants a word in Sections");
        });
        assertEquals(used, described);
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<JsonNode> references = document.findValues("$ref");

        references.forEach(reference -> assertFalse(document.at(reference.asString().substring(1)).isMissingNode(),
                reference.asString()));
        assertTrue(references.size() > 50);
    }

    @Test
    void noFieldIsRequiredTwice() {
        document.findValues("required").stream().filter(JsonNode::isArray)
                .forEach(names -> assertEquals(names.size(), names.valueStream().distinct().count(), names.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UserBody", "ItemBody", "User", "Item"})
    void whatIsTakenAndGivenComesWithExamples(String schema) {
        document.at("/components/schemas/" + schema + "/properties").properties().stream()
                .filter(property -> !List.of("name", "created_at").contains(property.getKey()))
                .forEach(property -> assertTrue(property.getValue().has("example"), schema + "." + property.getKey()));
    }

    @Test
    void thePageRunsOnlyScriptsOfOurs() {
        Answer page = app.get("/docs").expect(200);

        assertEquals("text/html; charset=utf-8", page.header("content-type").orElseThrow());
        String policy = page.header("content-security-policy").orElseThrow();
        assertTrue(policy.contains("default-src 'none'; script-src 'self';"), policy);
        assertTrue(policy.contains("connect-src 'self'"), policy);
        assertFalse(Pattern.compile("<script(?![^>]*src=)|\\son[a-z]+=|javascript:").matcher(page.text()).find());
        assertEquals("no-referrer", page.header("referrer-policy").orElseThrow());
    }

    @Test
    void thePageNamesOnlyFilesOfOurs() {
        List<String> named = NAMED_FILE.matcher(app.get("/docs").text()).results().map(match -> match.group(1))
                .toList();

        assertEquals(6, named.size());
        named.forEach(file -> app.get(file).expect(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/docs.js", "/docs/docs.css"})
    void nothingOfOursNamesAnotherHost(String path) {
        assertFalse(OTHER_HOST.matcher(app.get(path).expect(200).text()).find(), path);
    }

    @Test
    void theStylesFetchNothing() {
        String styles = app.get("/docs/swagger-ui.css").expect(200).text();

        assertFalse(Pattern.compile("url\\((?![\"']?data:)|@import").matcher(styles).find());
    }

    @Test
    void noValidatorOfAnotherHostIsAsked() {
        assertTrue(app.get("/docs/docs.js").text().contains("validatorUrl: null"));
    }

    @ParameterizedTest
    @CsvSource({"docs.js,text/javascript; charset=utf-8", "docs.css,text/css; charset=utf-8",
            "favicon-32x32.png,image/png"})
    void aFileHasItsType(String file, String type) {
        assertEquals(type, app.get("/docs/" + file).expect(200).header("content-type").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"other.js", "docs.html", "DocsRoutes.class", "..", "docs.js.map"})
    void noOtherFileIsGiven(String file) {
        assertTrue(List.of(400, 404).contains(app.ask("GET", "/docs/" + file).send().status()));
    }

    @Test
    void theRootSaysWhatThisIs() {
        assertEquals("This is Heddle. Its documentation is at /docs.",
                app.get("/").expect(200).json().get("message").asString());
    }
}
