package dev.heddle.notices;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import dev.heddle.json.Json;
import dev.heddle.mail.Address;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What callers may say of mails, wherever they say it: to the routes, or to `POST /tasks`.
class BulkBodyTest {
    private static final Address ADA = new Address("ada.l@example.org");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Hello {name}!        | Hello ada.l!
            {email}              | ada.l@example.org
            {name}{name}         | ada.lada.l
            {{name}}             | {name}
            {{{name}}}           | {ada.l}
            }}{{                 | }{
            {{{{email}}}}        | {{email}}
            plain                | plain
            $1 \\ ${{x}} {name}  | $1 \\ ${x} ada.l
            """)
    void fieldsAreFilledAndDoubledBracesStandForOne(String template, String filled) {
        assertEquals(filled, new Template(template).filledFor(ADA));
        assertEquals(List.of(), problems(template));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "}", "{}", "{ name }", "{Name}", "{names}", "{name", "name}", "{user}", "{name}}",
            "{{name}",
            "{{{name}}", "{name.length}", "{0}", "a\n{b}\nc", "{na\nme}", "{{}", "{}}", ""})
    void anUnknownFieldOrALoneBraceIsRefused(String template) {
        assertEquals(List.of("template"), problems(template));
        if (!template.isEmpty()) {
            assertThrows(IllegalArgumentException.class, () -> new Template(template));
        }
    }

    @Test
    void whatIsFilledInIsNoTemplateAgain() {
        assertEquals("{name}@b", new Template("{email}").filledFor(new Address("{name}@b")));
        assertEquals("$0@b", new Template("{email}").filledFor(new Address("$0@b")));
    }

    @Test
    void aTemplateHasAHundredFieldsAndBracesAndFiftyThousandCharactersAtMost() {
        assertEquals(List.of(), problems("{email}".repeat(99) + "{{"));
        assertEquals(List.of("template"), problems("{email}".repeat(100) + "{{"));
        assertEquals(List.of(), problems("x".repeat(Template.LONGEST)));
        assertEquals(List.of("template"), problems("x".repeat(Template.LONGEST + 1)));
        assertEquals(List.of("template"), problems("{{".repeat(Template.LONGEST / 2)));
        assertEquals(25_400, new Template("{email}".repeat(100)).filledFor(longest()).length());
    }

    @Test
    void aBareListIsTheAddressesAlone() {
        BulkBody body = bind("[\"ada@example.org\", \"bob@example.org\"]");

        assertEquals(List.of("ada@example.org", "bob@example.org"), body.emails());
        assertEquals(body, Json.readBack(Json.write(body), BulkBody.class));
    }

    @Test
    void anObjectIsReadAsItIsWritten() {
        BulkBody body = bind("{\"emails\": [\"a@b\"], \"subject\": \"s\", \"template\": \"t\"}");

        assertEquals(new BulkBody(List.of("a@b"), "s", "t"), body);
        assertEquals(body, Json.readBack(Json.write(body), BulkBody.class));
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        assertEquals(List.of("emails", "more", "subject", "template"),
                problemsOf("{\"emails\": [], \"subject\": \"a\\nBcc: b\", \"template\": \"{x}\", \"more\": 1}"));
        assertEquals(List.of("emails"), problemsOf("{}"));
        assertEquals(List.of("emails"), problemsOf("{\"emails\": null}"));
        assertEquals(List.of("emails"), problemsOf("[]"));
        assertEquals(List.of("emails.1", "emails.3"),
                problemsOf("{\"emails\": [\"a@b\", \"ab\", \"c@d\", \"e f@g\"]}"));
        for (String broken : List.of("7", "\"a@b\"", "{\"emails\": 7}", "{\"emails\": {}}", "[7]", "[[\"a@b\"]]",
                "[{}]",
                "{\"emails\": [7]}", "{\"emails\": [true]}")) {
            assertFalse(problemsOf(broken).isEmpty(), broken);
        }
    }

    @Test
    void whatOnlyAFewServersTakeIsRefused() {
        BulkBody body = bind("[\"a@b\", \"\\\"a b\\\"@c\", \"\\u00e4@b\", null, \"\"]");

        assertEquals(List.of("body emails 1", "body emails 2", "body emails 3", "body emails 4"),
                body.errors().stream().map(BulkBodyTest::place).toList());
        assertEquals(List.of(), bind("[\"a@b\"]").errors());
    }

    @Test
    void thereAreTenThousandAddressesAtMost() {
        List<String> most = IntStream.range(0, 10_000).mapToObj(i -> "u" + i + "@example.org").toList();

        assertEquals(10_000, bind(json(most)).addresses().size());
        assertEquals(List.of("emails"), problemsOf(json(Collections.nCopies(10_001, "a@b"))));
    }

    @Test
    void ofAddressesThatDifferInCaseTheFirstIsTaken() {
        assertEquals(List.of(new Address("Ada@b"), new Address("bob@b")),
                bind("[\"Ada@b\", \"ada@B\", \"bob@b\", \"ADA@b\", \"bob@b\"]").addresses());
    }

    @Test
    void theDataOfASingleMailAreChecked() {
        assertEquals(List.of("body", "subject", "to"), mistakes("{}"));
        assertEquals(List.of("subject", "to"),
                mistakes("{\"to\": \"a b@c\", \"subject\": \"a\\r\\nb\", \"body\": \"\"}"));
        assertEquals(List.of(), mistakes("{\"to\": \"a@b\", \"subject\": \"\", \"body\": \"\"}"));
        assertEquals(List.of("body", "subject"), mistakes("{\"to\": \"a@b\", \"subject\": \"" + "s".repeat(201)
                + "\", \"body\": \"" + "b".repeat(100_001) + "\"}"));
    }

    private static Address longest() {
        return new Address("l".repeat(64) + "@" + "d".repeat(63) + "." + "d".repeat(63) + "." + "d".repeat(61));
    }

    private static String json(List<String> emails) {
        return new String(Json.write(emails), StandardCharsets.UTF_8);
    }

    private static BulkBody bind(String json) {
        return Json.bind(json.getBytes(StandardCharsets.UTF_8), BulkBody.class);
    }

    private static List<String> problems(String template) {
        return problemsOf(new String(Json.write(new BulkBody(List.of("a@b"), "", template)), StandardCharsets.UTF_8));
    }

    private static List<String> problemsOf(String json) {
        return problemsOf(json, BulkBody.class);
    }

    private static List<String> mistakes(String json) {
        return problemsOf(json, EmailData.class);
    }

    private static List<String> problemsOf(String json, Class<?> type) {
        try {
            Json.bind(json.getBytes(StandardCharsets.UTF_8), type);
            return List.of();
        } catch (Failure failure) {
            assertTrue(failure.kind() == Failure.Kind.INVALID, json);
            return failure.errors().stream().map(BulkBodyTest::place).map(place -> place.replace(' ', '.')).sorted()
                    .toList();
        }
    }

    private static String place(FieldError error) {
        return String.join(" ", error.loc().stream().map(String::valueOf).toList());
    }
}
