package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.heddle.TestApp;
import dev.heddle.bench.KeptAlive;

import tools.jackson.databind.JsonNode;

/// What callers wrote down before and after each transfer, on paper of their own: held against what a server says that
/// was killed meanwhile.
final class Journal {
    private static final BigDecimal OPENING = new BigDecimal("1000.00");

    /// What was sent, with or without a key; the answer, unless none came.
    record Line(String key, String body, String answer) {
        boolean isAnswered() {
            return !answer.isEmpty();
        }

        boolean isKeyed() {
            return !key.isEmpty();
        }

        long transaction() {
            return id(answer);
        }
    }

    private final List<Long> accounts;
    private final Queue<Line> lines = new ConcurrentLinkedQueue<>();

    Journal(List<Long> accounts) {
        this.accounts = List.copyOf(accounts);
    }

    void write(String key, String body, String answer) {
        lines.add(new Line(key, body, answer));
    }

    List<Long> accounts() {
        return accounts;
    }

    int size() {
        return lines.size();
    }

    static String header(String key) {
        return key.isEmpty() ? "" : "Idempotency-Key: " + key + "\r\n";
    }

    /// Fails unless everything that was answered is there once, nothing is there that was not asked for, and each
    /// balance follows from what is there. What got no answer is asked again, where it has a key.
    void compare(KeptAlive server) throws IOException {
        Set<Long> known = new HashSet<>();
        long unknown = 0;
        for (Line line : lines) {
            if (line.isKeyed()) {
                KeptAlive.Answer again = server.post("/transfer", header(line.key), line.body);
                assertEquals(200, again.status(), again::toString);
                assertTrue(!line.isAnswered() || again.body().equals(line.answer), "answered differently: " + again);
                assertTrue(known.add(id(again.body())), "one transaction for two keys: " + again);
            } else if (line.isAnswered()) {
                assertTrue(known.add(line.transaction()), "one transaction for two answers: " + line);
            } else {
                unknown++;
            }
        }
        Map<Long, JsonNode> log = log(server);
        assertTrue(log.keySet().containsAll(known), "lost: what was answered is not in the log");
        assertTrue(log.size() - known.size() <= unknown, "doubled: more is in the log than was asked for");
        compareBalances(server, log);
    }

    private Map<Long, JsonNode> log(KeptAlive server) throws IOException {
        var log = new HashMap<Long, JsonNode>();
        for (long account : accounts) {
            String path = "/transactions?limit=1000&account=" + account;
            JsonNode page = server.get(path).json();
            var items = new ArrayList<>(page.get("items").valueStream().toList());
            while (page.get("has_more").asBoolean()) {
                page = server.get(path + "&cursor=" + page.get("next_cursor").asString()).json();
                page.get("items").forEach(items::add);
            }
            items.removeIf(item -> item.get("kind").asString().equals("opening"));
            items.forEach(item -> log.put(item.get("transaction_id").asLong(), item));
        }
        return log;
    }

    private void compareBalances(KeptAlive server, Map<Long, JsonNode> log) throws IOException {
        var expected = new HashMap<Long, BigDecimal>();
        accounts.forEach(account -> expected.put(account, OPENING));
        for (JsonNode item : log.values()) {
            var amount = new BigDecimal(item.get("amount").asString());
            expected.merge(item.get("from_account").asLong(), amount.negate(), BigDecimal::add);
            expected.merge(item.get("to_account").asLong(), amount, BigDecimal::add);
        }
        for (long account : accounts) {
            assertEquals(expected.get(account),
                    new BigDecimal(server.get("/accounts/" + account).json().get("balance").asString()));
        }
    }

    private static long id(String answer) {
        return TestApp.parsed(answer).get("transaction_id").asLong();
    }
}
