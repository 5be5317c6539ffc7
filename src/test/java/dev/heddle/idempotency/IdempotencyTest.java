package dev.heddle.idempotency;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import dev.heddle.Answer;
import dev.heddle.TestApp;
import dev.heddle.concurrent.Gather;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Held to what callers see of it, on the routes that take a key.
@Timeout(900)
class IdempotencyTest {
    private static final int KEYS = Boolean.getBoolean("heddle.full") ? 1_000 : 20;
    private static final int AT_ONCE = 50;
    // Here callers wait in line for as long as a busy machine makes them.
    private static final Map<String, String> PATIENT = Map.of("HEDDLE_DB_GATE_QUEUE", "30s",
            "HEDDLE_DB_CONNECT_TIMEOUT", "30s");
    private static TestApp app;
    private long ada;
    private long bob;

    @BeforeAll
    static void start() {
        app = TestApp.start(PATIENT);
    }

    @BeforeEach
    void open() {
        ada = open("Ada", "100.00");
        bob = open("Bob", "50.00");
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    @Test
    void aRepeatedTransferHasOneEffectAndTheSameAnswer() {
        Answer first = transfer("key-1", "60").expect(200);
        Answer second = transfer("key-1", "60").expect(200);

        assertArrayEquals(first.body(), second.body());
        assertEquals("40.00", balance(ada));
    }

    @Test
    void aRepeatedOpeningOpensOneAccount() {
        String body = "{\"owner\": \"Eve\", \"balance\": 1}";
        Answer first = keyed("/accounts", "key-2", body).expect(201);
        Answer second = keyed("/accounts", "key-2", body).expect(201);

        assertArrayEquals(first.body(), second.body());
        assertEquals(first.header("location"), second.header("location"));
        app.get(second.header("location").orElseThrow()).expect(200);
    }

    @Test
    void aRepeatedBatchHasOneEffectAndTheSameAnswer() {
        String body = "[{\"op\": \"deposit\", \"account\": %d, \"amount\": 1}, {\"op\": \"withdraw\", \"account\": %d, \"amount\": 999}]"
                .formatted(ada, ada);
        Answer first = keyed("/batch-operation", "key-3", body).expect(200);
        Answer second = keyed("/batch-operation", "key-3", body).expect(200);

        assertArrayEquals(first.body(), second.body());
        assertEquals("101.00", balance(ada));
    }

    @Test
    void withoutAKeyEachRequestHasItsEffect() {
        String body = body("1");
        app.post("/transfer", body).expect(200);
        app.post("/transfer", body).expect(200);

        assertEquals("98.00", balance(ada));
    }

    @Test
    void aKeyOfAnotherRequestIsRefused() {
        transfer("key-4", "1").expect(200);

        assertEquals(List.of("header.Idempotency-Key"), transfer("key-4", "2").expect(422).errorPlaces());
        assertEquals(List.of("header.Idempotency-Key"),
                keyed("/accounts", "key-4", "{\"owner\": \"Eve\", \"balance\": 1}").expect(422).errorPlaces());
        assertEquals("99.00", balance(ada));
        transfer("key-4", "1").expect(200);
    }

    @Test
    void aRefusalIsRepeatedToo() {
        Answer first = transfer("key-5", "100.01").expect(400);
        app.post("/batch-operation", "[{\"op\": \"deposit\", \"account\": %d, \"amount\": 1}]".formatted(ada))
                .expect(200);

        Answer second = transfer("key-5", "100.01").expect(400);

        assertEquals(first.json().get("detail"), second.json().get("detail"));
        assertEquals("101.00", balance(ada));
        transfer("key-5", "100.02").expect(422);
    }

    @Test
    void aRequestThatCannotBeReadDoesNotUseItsKeyUp() {
        transfer("key-6", "0").expect(422);
        transfer("key-6", "x").expect(400);

        transfer("key-6", "1").expect(200);
    }

    @Test
    void aKeyHasOneToTwoHundredAndFiftyFiveCharacters() {
        transfer("k".repeat(255), "1").expect(200);
        transfer("k", "1").expect(200);

        assertEquals(List.of("header.Idempotency-Key"), transfer("k".repeat(256), "1").expect(422).errorPlaces());
        assertEquals(List.of("header.Idempotency-Key"), transfer("", "1").expect(422).errorPlaces());
    }

    @Test
    void theQueryAndTheBodyAskForTheSame() {
        Answer byBody = transfer("key-7", "1.5").expect(200);
        Answer byQuery = app.ask("POST", "/transfer?from_account=%d&to_account=%d&amount=1.5".formatted(ada, bob))
                .header("Idempotency-Key", "key-7").send().expect(200);

        assertArrayEquals(byBody.body(), byQuery.body());
        assertEquals("98.50", balance(ada));
    }

    @Test
    void fiftyEqualRequestsAtOnceHaveOneEffectAndOneAnswer() throws Exception {
        for (int i = 0; i < KEYS; i++) {
            String key = "storm-" + i;
            Callable<String> request = () -> transfer(key, "0.01").expect(200).text();

            List<String> answers = Gather.all(Collections.nCopies(AT_ONCE, request));

            assertEquals(1, answers.stream().distinct().count());
        }
        assertEquals(new BigDecimal("50.00").add(BigDecimal.valueOf(KEYS, 2)), new BigDecimal(balance(bob)));
    }

    @Test
    void fiftyEqualRequestsThatAreRefusedGetOneAnswer() throws Exception {
        Callable<String> request = () -> transfer("refused", "1000").expect(400).json().get("detail").asString();

        assertEquals(List.of("insufficient balance"),
                Gather.all(Collections.nCopies(AT_ONCE, request)).stream().distinct().toList());
    }

    @Test
    void anAnswerSurvivesARestartAndReachesEveryNode() {
        Answer first = transfer("restart", "1").expect(200);

        try (TestApp later = app.startNode(PATIENT)) {
            Answer again = later.ask("POST", "/transfer").header("Idempotency-Key", "restart").json(body("1")).send();

            assertArrayEquals(first.body(), again.expect(200).body());
            assertEquals("99.00", balance(ada));
        }
    }

    @Test
    void aKeyIsFreeAgainWhenItsTimeIsOver() throws SQLException {
        transfer("aged", "1").expect(200);
        query("update idempotency_keys set created_at = now() - interval '23 hours 59 minutes' where key = 'aged' returning 1");
        transfer("aged", "1").expect(200);
        assertEquals("99.00", balance(ada));

        query("update idempotency_keys set created_at = now() - interval '24 hours 1 second' where key = 'aged' returning 1");
        transfer("aged", "2").expect(200);

        assertEquals("97.00", balance(ada));
    }

    @Test
    void oldKeysAreRemovedAsNewOnesCome() throws SQLException {
        query("""
                insert into idempotency_keys (key, fingerprint, created_at)
                select 'old-' || n, decode(repeat('00', 32), 'hex'), now() - interval '25 hours'
                  from generate_series(1, 600) as n returning 1
                """);

        for (int i = 0; i < 256; i++) {
            transfer("new-" + i, "0.01").expect(200);
        }

        assertEquals(600 - 512, query("select count(*) from idempotency_keys where key like 'old-%'"));
        assertEquals(256, query("select count(*) from idempotency_keys where key like 'new-%'"));
    }

    private Answer transfer(String key, String amount) {
        return keyed("/transfer", key, body(amount));
    }

    private String body(String amount) {
        return "{\"from_account\": %d, \"to_account\": %d, \"amount\": %s}".formatted(ada, bob, amount);
    }

    private static Answer keyed(String path, String key, String body) {
        return app.ask("POST", path).header("Idempotency-Key", key).json(body).send();
    }

    private static long open(String owner, String balance) {
        return app.post("/accounts", "{\"owner\": \"%s\", \"balance\": %s}".formatted(owner, balance)).expect(201)
                .json().get("id").asLong();
    }

    private static String balance(long account) {
        return app.get("/accounts/" + account).expect(200).json().get("balance").asString();
    }

    private static long query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(app.database().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }
}
