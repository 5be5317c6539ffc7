package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class AccountRoutesTest {
    private static final String MOST = "9999999999999.99";
    private static Bank bank;
    private static TestApp app;

    @BeforeAll
    static void start() {
        bank = Bank.start();
        app = bank.app();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void anOpenedAccountIsThereWithItsBalance() {
        Answer answer = app.post("/accounts", "{\"owner\": \"Ada\", \"balance\": 100.5}").expect(201);

        assertEquals("Ada", answer.json().get("owner").asString());
        assertEquals("100.50", answer.json().get("balance").asString());
        assertTrue(answer.json().get("balance").isString());
        assertEquals(answer.json(), app.get(answer.header("location").orElseThrow()).expect(200).json());
    }

    @ParameterizedTest
    @CsvSource({"0,0.00", "-0.0,0.00", "\"0\",0.00", "0.1,0.10", "\"60.00\",60.00", "60,60.00", "1e2,100.00",
            "1E-2,0.01", "\"007\",7.00", MOST + "," + MOST, "\"" + MOST + "\"," + MOST, "1.0,1.00"})
    void aBalanceIsReadExactlyAndWrittenWithTwoDecimals(String in, String out) {
        Answer answer = app.post("/accounts", "{\"owner\": \"o\", \"balance\": " + in + "}").expect(201);

        assertEquals(out, answer.json().get("balance").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.01", "-1", "0.001", "1.000", "10000000000000", "\"10000000000000\"", "1e400",
            "1e-400", "1e999999999", "\"\"", "\" 1\"", "\"1,5\"", "\"1e2\"", "\"NaN\"", "\"+1\"", "\"١\"", "\".5\"",
            "\"1.\"", "\"0x1\"", "true", "null", "[]", "{}", "99999999999999999999999999999999999999999999"})
    void aBalanceThatIsNoneIsRefused(String balance) {
        refused(app.post("/accounts", "{\"owner\": \"o\", \"balance\": " + balance + "}"), "body.balance");
    }

    @Test
    void anOwnerHasOneToAHundredCharacters() {
        bank.open("o", "0");
        bank.open("o".repeat(100), "0");

        refused(app.post("/accounts", "{\"owner\": \"\", \"balance\": 1}"), "body.owner");
        refused(app.post("/accounts", "{\"owner\": \"" + "o".repeat(101) + "\", \"balance\": 1}"), "body.owner");
        refused(app.post("/accounts", "{\"owner\": \"\\u0000\", \"balance\": \"x\", \"id\": 1}"), "body.balance",
                "body.id", "body.owner");
        refused(app.post("/accounts", "{}"), "body.balance", "body.owner");
    }

    @Test
    void anAccountThatIsNotThereIsNotFound() {
        app.get("/accounts/9223372036854775807").expect(404);
        refused(app.get("/accounts/0"), "path.id");
        refused(app.get("/accounts/9223372036854775808"), "path.id");
    }

    @Test
    void accountsAreListedPageByPage() {
        long first = bank.open("listed", "1.00");
        long second = bank.open("listed", "2.00");

        var met = new ArrayList<Long>();
        JsonNode page = app.get("/accounts?limit=1").expect(200).json();
        while (page.get("has_more").asBoolean()) {
            page.get("items").forEach(account -> met.add(account.get("id").asLong()));
            page = app.get("/accounts?limit=1&cursor=" + page.get("next_cursor").asString()).expect(200).json();
        }
        page.get("items").forEach(account -> met.add(account.get("id").asLong()));

        assertTrue(met.containsAll(List.of(first, second)));
        assertEquals(met.stream().sorted().distinct().toList(), met);
        refused(app.get("/accounts?limit=1001"), "query.limit");
        refused(app.get("/accounts?limit=0"), "query.limit");
        app.get("/accounts?cursor=forged").expect(400);
    }

    @Test
    void theTotalIsTheSumOfWhatIsListed() {
        bank.open("o", MOST);
        bank.open("o", "0.01");

        JsonNode totals = app.get("/accounts/total").expect(200).json();

        BigDecimal sum = totals.get("accounts").valueStream()
                .map(account -> new BigDecimal(account.get("balance").asString()))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        assertEquals(sum, new BigDecimal(totals.get("total").asString()));
        assertFalse(totals.get("has_more").asBoolean());
    }

    @Test
    void aTotalMayBeMoreThanALongHolds() throws Exception {
        try (TestApp rich = TestApp.start()) {
            assertEquals("0.00", rich.get("/accounts/total").expect(200).json().get("total").asString());
            Bank.sql(rich, "insert into accounts (owner, balance_minor) select 'rich', 999999999999999"
                    + " from generate_series(1, 10001)");

            JsonNode totals = rich.get("/accounts/total").expect(200).json();

            assertEquals("100009999999999899.99", totals.get("total").asString());
            assertEquals(10_000, totals.get("accounts").size());
            assertTrue(totals.get("has_more").asBoolean());
        }
    }

    private static void refused(Answer answer, String... places) {
        assertEquals(List.of(places), answer.expect(422).errorPlaces());
    }
}
