package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.concurrent.Gather;
import dev.heddle.wire.RawHttp;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@Timeout(900)
class BatchTest {
    private static final int BATCHES = Boolean.getBoolean("heddle.full") ? 10_000 : 100;
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
    void aFailingOperationInTheMiddleHarmsNoOther() throws Exception {
        long rich = bank.openRich("999999999999999999");
        JsonNode results = batch(deposit(ada, "1"), transfer(ada, bob, "500"), withdraw(bob, "50.01"),
                transfer(bob, ada, "\"50.00\""), deposit(9_000_000_000L, "1"), deposit(rich, "1"),
                withdraw(ada, "0.01"), "{\"op\": \"create_account\", \"owner\": \"Cyd\", \"balance\": 7}")
                .expect(200).json().get("results");

        assertEquals(List.of("success", "failed", "failed", "success", "failed", "failed", "success", "success"),
                results.valueStream().map(result -> result.get("status").asString()).toList());
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7),
                results.valueStream().map(result -> result.get("index").asInt()).toList());
        assertEquals("insufficient balance", results.at("/1/error").asString());
        assertEquals("account 9000000000 does not exist", results.at("/4/error").asString());
        assertEquals("an account holds at most 9999999999999999.99", results.at("/5/error").asString());
        assertTrue(results.at("/0/error").isMissingNode());
        assertEquals(List.of("150.99", "0.00"), List.of(bank.balance(ada), bank.balance(bob)));
        assertEquals("7.00", bank.balance(results.at("/7/account").asLong()));
        assertEquals(results.at("/3/transaction_id"), bank.log("?account=" + bob).getLast().get("transaction_id"));
    }

    @Test
    void anOperationSeesWhatThoseBeforeItDid() {
        JsonNode results = batch(transfer(ada, bob, "100"), transfer(bob, ada, "150"), withdraw(bob, "0.01"),
                withdraw(ada, "150")).expect(200).json().get("results");

        assertEquals(List.of("success", "success", "failed", "success"),
                results.valueStream().map(result -> result.get("status").asString()).toList());
    }

    @Test
    void aBatchMayBeEmptyOrOfAThousandAndNotOneMore() {
        assertEquals(0, batch().expect(200).json().get("results").size());

        JsonNode results = batch(deposits(1_000)).expect(200).json().get("results");

        assertEquals(1_000, results.size());
        assertEquals("110.00", bank.balance(ada));
        batch(deposits(1_001)).expect(413);
        assertEquals("110.00", bank.balance(ada));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"op\": \"deposit\", \"account\": 1, \"amount\": 0}                               | body.1.amount",
            "{\"op\": \"deposit\", \"account\": 0, \"amount\": 0.001}                           | body.1.account body.1.amount",
            "{\"op\": \"deposit\"}                                                              | body.1.account body.1.amount",
            "{\"op\": \"withdraw\", \"account\": 1, \"amount\": 1, \"owner\": \"x\"}            | body.1.owner",
            "{\"op\": \"transfer\", \"from_account\": 1, \"to_account\": 1, \"amount\": 1}      | body.1.to_account",
            "{\"op\": \"transfer\", \"account\": 1, \"to_account\": 1, \"amount\": 1}           | body.1.account body.1.from_account",
            "{\"op\": \"create_account\", \"owner\": \"\", \"balance\": -1}                     | body.1.balance body.1.owner",
            "{\"op\": \"create_account\", \"owner\": \"x\", \"balance\": \"1\", \"zip\": 1}     | body.1.zip",
            "{\"op\": \"burn\", \"account\": 1}                                                 | body.1.op",
            "{\"op\": \"DEPOSIT\", \"account\": 1, \"amount\": 1}                               | body.1.op",
            "{\"op\": 0, \"account\": 1, \"amount\": 1}                                         | body.1.op",
            "{\"account\": 1, \"amount\": 1}                                                    | body.1.op",
            "null                                                                               | body.1",
            "[]                                                                                 | body.1",
            "7                                                                                  | body.1"})
    void anOperationThatIsNoneKeepsTheWholeBatchOut(String bad, String places) {
        Answer answer = batch(deposit(ada, "1"), bad, deposit(ada, "1")).expect(422);

        assertEquals(List.of(places.split(" ")), answer.errorPlaces());
        assertEquals("100.00", bank.balance(ada));
    }

    @Test
    void batchesThatMeetFromBothSidesNeverFail() throws Exception {
        List<Long> accounts = IntStream.range(0, 10).mapToObj(i -> bank.open("o" + i, "1000.00")).toList();
        var before = bank.total();
        Callable<Boolean> caller = () -> {
            var random = new Random(Thread.currentThread().threadId());
            for (int i = 0; i < BATCHES / 10; i++) {
                var shuffled = new ArrayList<>(accounts);
                Collections.shuffle(shuffled, random);
                batch(IntStream.range(0, 9).mapToObj(at -> transfer(shuffled.get(at), shuffled.get(at + 1), "0.01"))
                        .toArray(String[]::new)).expect(200);
                bank.transfer(shuffled.get(0), shuffled.get(1), "0.01").expect(200);
            }
            return true;
        };

        Gather.all(Collections.nCopies(10, caller));

        assertEquals(before, bank.total());
        bank.assertNoDeadlock();
    }

    /// Bad operations stand anywhere; what is told of each is what the log and the balances say.
    @Test
    void whatIsReportedIsWhatIsCommitted() {
        var random = new Random(7);
        for (int i = 0; i < BATCHES; i++) {
            int size = 1 + random.nextInt(8);
            String[] operations = IntStream.range(0, size).mapToObj(_ -> withdraw(ada,
                    random.nextInt(3) == 0 ? "9999" : "0.01")).toArray(String[]::new);
            long before = cents(bank.balance(ada));

            JsonNode results = batch(operations).expect(200).json().get("results");

            long done = results.valueStream().filter(each -> each.get("status").asString().equals("success")).count();
            assertEquals(before - done, cents(bank.balance(ada)));
            if (before < 100) {
                batch(deposit(ada, "100")).expect(200);
            }
        }
    }

    @Test
    void aCallerWhoLeavesInMidBodyLeavesNothing() {
        byte[] request = request(deposits(100), "left-early");
        try (RawHttp raw = RawHttp.connect(app.address().getPort())) {
            raw.send(Arrays.copyOf(request, request.length - 10));
        }

        app.get("/health/live").expect(200);

        assertEquals("100.00", bank.balance(ada));
        assertEquals("101.00", afterRepeating(deposits(100), "left-early"));
    }

    /// The caller leaves at any moment after it has sent all: none of the batch is done, or all; and when it asks again with
    /// its key, it is told of exactly what there is.
    @Test
    void aCallerWhoLeavesBeforeTheAnswerLeavesAllOrNothing() {
        String[] operations = IntStream.range(0, 50)
                .mapToObj(i -> i % 5 == 4 ? withdraw(bob, "9999") : deposit(ada, "0.01")).toArray(String[]::new);
        for (int i = 0; i < Math.min(BATCHES, 500) / 5; i++) {
            long before = cents(bank.balance(ada));
            String key = "gone-" + i;
            try (RawHttp raw = RawHttp.connect(app.address().getPort())) {
                raw.send(request(operations, key));
            }

            long meanwhile = cents(bank.balance(ada)) - before;
            assertTrue(meanwhile == 0 || meanwhile == 40, () -> "a part of a batch is seen: " + meanwhile);
            Answer again = repeat(operations, key).expect(200);

            assertEquals(before + 40, cents(bank.balance(ada)));
            assertEquals(40, again.json().get("results").valueStream()
                    .filter(result -> result.get("status").asString().equals("success")).count());
        }
    }

    private String afterRepeating(String[] operations, String key) {
        repeat(operations, key).expect(200);
        return bank.balance(ada);
    }

    private static Answer repeat(String[] operations, String key) {
        return app.ask("POST", "/batch-operation").header("Idempotency-Key", key).json(json(operations)).send();
    }

    private static byte[] request(String[] operations, String key) {
        String body = json(operations);
        return ("POST /batch-operation HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: " + key
                + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    private static Answer batch(String... operations) {
        return app.post("/batch-operation", json(operations));
    }

    private static String json(String... operations) {
        return "[" + String.join(",", operations) + "]";
    }

    private String[] deposits(int count) {
        return Collections.nCopies(count, deposit(ada, "0.01")).toArray(String[]::new);
    }

    private static String deposit(long account, String amount) {
        return "{\"op\": \"deposit\", \"account\": %d, \"amount\": %s}".formatted(account, amount);
    }

    private static String withdraw(long account, String amount) {
        return "{\"op\": \"withdraw\", \"account\": %d, \"amount\": %s}".formatted(account, amount);
    }

    private static String transfer(long from, long to, String amount) {
        return "{\"op\": \"transfer\", " + Bank.transferBody(from, to, amount).substring(1);
    }

    private static long cents(String balance) {
        return Long.parseLong(balance.replace(".", ""));
    }
}
