package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class TransferTest {
    private static final String MOST = "9999999999999.99";
    private static Bank bank;
    private static TestApp app;
    private long ada;
    private long bob;

    @BeforeAll
    static void start() {
        bank = Bank.start();
        app = bank.app();
    }

    @BeforeEach
    void open() {
        ada = bank.open("Ada", "100.00");
        bob = bank.open("Bob", "50.00");
    }

    @AfterEach
    void books() throws Exception {
        bank.assertBooksBalance();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aTransferMovesMoneyAndIsLogged() {
        JsonNode answer = bank.transfer(ada, bob, "60").expect(200).json();

        assertEquals("60.00", answer.get("amount").asString());
        assertEquals("Transfer successful", answer.get("message").asString());
        assertEquals(List.of("40.00", "110.00"), balances());
        JsonNode logged = bank.log("?account=" + bob).getLast();
        assertEquals(answer.get("transaction_id"), logged.get("transaction_id"));
        assertEquals(List.of(ada, bob),
                List.of(logged.get("from_account").asLong(), logged.get("to_account").asLong()));
        assertEquals("60.00", logged.get("amount").asString());
        assertEquals(logged, bank.log("?account=" + ada).getLast());
    }

    @Test
    void moneyMovesInEitherDirection() {
        bank.transfer(bob, ada, "\"0.01\"").expect(200);

        assertEquals(List.of("100.01", "49.99"), balances());
    }

    @Test
    void theQuerySaysItAsWell() {
        JsonNode answer = app.ask("POST", "/transfer?from_account=%d&to_account=%d&amount=60.5".formatted(ada, bob))
                .send().expect(200).json();

        assertEquals("60.50", answer.get("amount").asString());
        assertEquals(List.of("39.50", "110.50"), balances());
    }

    @Test
    void whatTheQuerySaysIsCheckedAsWell() {
        refused(query("/transfer"), "query.amount", "query.from_account", "query.to_account");
        refused(query("/transfer?from_account=0&to_account=x&amount=1"), "query.from_account", "query.to_account");
        refused(query("/transfer?from_account=%d&to_account=%d&amount=1".formatted(ada, ada)), "query.to_account");
        for (String amount : List.of("0", "-1", "0.001", "1e2", "NaN", "", "10000000000000", "%2B1")) {
            refused(query("/transfer?from_account=%d&to_account=%d&amount=%s".formatted(ada, bob, amount)),
                    "query.amount");
        }
        assertEquals(List.of("100.00", "50.00"), balances());
    }

    @Test
    void aQueryBesideABodyIsRefused() {
        refused(app.post("/transfer?amount=1", Bank.transferBody(ada, bob, "1")), "query.amount");
    }

    @Test
    void allMoneyCanGoButNotOneCentMore() {
        Answer refusal = bank.transfer(ada, bob, "100.01").expect(400);
        assertEquals("insufficient balance", refusal.json().get("detail").asString());
        assertEquals(List.of("100.00", "50.00"), balances());

        bank.transfer(ada, bob, "100.00").expect(200);

        assertEquals(List.of("0.00", "150.00"), balances());
    }

    @Test
    void anAccountHoldsSoMuchAndNotOneCentMore() throws Exception {
        long rich = bank.openRich("999999999999999899");
        bank.transfer(ada, rich, "1.01").expect(409);

        bank.transfer(ada, rich, "1.00").expect(200);

        assertEquals("9999999999999999.99", bank.balance(rich));
        assertEquals("99.00", bank.balance(ada));
    }

    @Test
    void theLargestAmountIsRefusedForWantOfMoneyInEitherDirection() {
        assertEquals("insufficient balance", bank.transfer(ada, bob, MOST).expect(400).json().get("detail").asString());
        assertEquals("insufficient balance", bank.transfer(bob, ada, MOST).expect(400).json().get("detail").asString());
    }

    @Test
    void anUnknownAccountIsNotFoundAndNothingMoves() {
        long none = 9_000_000_000L;
        for (Answer answer : List.of(bank.transfer(ada, none, "1"), bank.transfer(none, ada, "1"),
                bank.transfer(none, none + 1, "1"))) {
            assertEquals("account " + none + " does not exist", answer.expect(404).json().get("detail").asString());
        }
        assertEquals(List.of("100.00", "50.00"), balances());
    }

    @Test
    void oneAccountAloneIsNoTransfer() {
        refused(bank.transfer(ada, ada, "1"), "body.to_account");
        refused(bank.transfer(ada, ada, "0"), "body.amount");
    }

    @ParameterizedTest
    @CsvSource({"0.01,0.01", "\"0.01\",0.01", "1.0,1.00", "1e1,10.00", "1E+1,10.00", "100e-2,1.00", "\"1.5\",1.50"})
    void anAmountIsReadExactly(String in, String out) {
        assertEquals(out, bank.transfer(ada, bob, in).expect(200).json().get("amount").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.00", "-0.0", "-1", "\"-1\"", "0.001", "\"0.001\"", "0.010", "1.000", "1e400",
            "1e-400", "1e-3", "10000000000000", "1e13", "1e2147483647", "1e-2147483647", "\"NaN\"", "\"Infinity\"",
            "\"1e2\"", "\"\"", "\" 1\"", "\"1 \"", "\"0x1\"", "\"１\"", "true", "null", "[1]", "{}",
            "99999999999999999999999999"})
    void anAmountThatIsNoneIsRefusedAndNothingMoves(String amount) {
        refused(bank.transfer(ada, bob, amount), "body.amount");

        assertEquals(List.of("100.00", "50.00"), balances());
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "01", "+1", ".5", "1.", "0x1", "1,5", "--1", ""})
    void anAmountThatIsNoJsonIsUnreadable(String amount) {
        bank.transfer(ada, bob, amount).expect(400);

        assertEquals(List.of("100.00", "50.00"), balances());
    }

    @Test
    void aNumberOfManyDigitsIsRefused() {
        refused(bank.transfer(ada, bob, "1" + "0".repeat(900)), "body.amount");
        refused(bank.transfer(ada, bob, "\"1" + "0".repeat(900_000) + "\""), "body.amount");
        bank.transfer(ada, bob, "1" + "0".repeat(2_000)).expect(400);
    }

    @Test
    void everyMistakeIsNamedAtOnce() {
        refused(app.post("/transfer", "{\"from_account\": 0, \"to_account\": \"1\", \"amount\": \"x\", \"zip\": 1}"),
                "body.amount", "body.from_account", "body.to_account", "body.zip");
        refused(app.post("/transfer", "{}"), "body.amount", "body.from_account", "body.to_account");
        app.ask("POST", "/transfer").body("text/plain", Bank.transferBody(ada, bob, "1").getBytes()).send().expect(415);
        app.get("/transfer").expect(405);
    }

    @Test
    void theLogIsReadPageByPage() {
        for (int i = 0; i < 5; i++) {
            bank.transfer(ada, bob, "1").expect(200);
        }
        JsonNode first = app.get("/transactions?limit=4&account=" + ada).expect(200).json();
        String cursor = first.get("next_cursor").asString();

        JsonNode second = app.get("/transactions?limit=4&account=" + ada + "&cursor=" + cursor).expect(200).json();

        assertEquals(4, first.get("items").size());
        assertEquals(2, second.get("items").size(), "the opening and five transfers");
        assertEquals("opening", first.at("/items/0/kind").asString());
        assertTrue(first.at("/items/0/from_account").isNull());
        assertTrue(second.get("next_cursor").isNull());
        app.get("/transactions?account=" + bob + "&cursor=" + cursor).expect(400);
        app.get("/transactions?cursor=" + cursor).expect(400);
        refused(app.get("/transactions?account=0&limit=1001"), "query.account", "query.limit");
        assertEquals(0, app.get("/transactions?account=9000000000").expect(200).json().get("items").size());
    }

    private static Answer query(String path) {
        return app.ask("POST", path).send();
    }

    private List<String> balances() {
        return List.of(bank.balance(ada), bank.balance(bob));
    }

    private static void refused(Answer answer, String... places) {
        assertEquals(List.of(places), answer.expect(422).errorPlaces());
    }
}
