package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.heddle.Answer;
import dev.heddle.TestApp;

import tools.jackson.databind.JsonNode;

/// What tests do with money, in words.
record Bank(TestApp app) {
    /// Here callers wait in line for as long as a busy machine makes them.
    static Bank start() {
        return new Bank(TestApp.start(Map.of("HEDDLE_DB_GATE_QUEUE", "30s", "HEDDLE_DB_CONNECT_TIMEOUT", "30s")));
    }

    long open(String owner, String balance) {
        return app.post("/accounts", "{\"owner\": \"%s\", \"balance\": \"%s\"}".formatted(owner, balance)).expect(201)
                .json().get("id").asLong();
    }

    /// With more than can be deposited at once.
    long openRich(String minorUnits) throws SQLException {
        return Long.parseLong(query(app, """
                with account as (insert into accounts (owner, balance_minor) values ('rich', %s) returning id, balance_minor),
                     made as (insert into transactions (kind, amount_minor) values ('opening', 1) returning id),
                     entered as (insert into entries select made.id, account.id, balance_minor from made, account)
                select id from account
                """.formatted(minorUnits)).getFirst());
    }

    String balance(long account) {
        return app.get("/accounts/" + account).expect(200).json().get("balance").asString();
    }

    Answer transfer(long from, long to, String amount) {
        return app.post("/transfer", transferBody(from, to, amount));
    }

    static String transferBody(long from, long to, String amount) {
        return "{\"from_account\": %d, \"to_account\": %d, \"amount\": %s}".formatted(from, to, amount);
    }

    /// All that happened, or all that happened to one account (`?account=7`).
    List<JsonNode> log(String query) {
        var met = new ArrayList<JsonNode>();
        String path = "/transactions" + query + (query.isEmpty() ? "?" : "&") + "limit=1000";
        JsonNode page = app.get(path).expect(200).json();
        page.get("items").forEach(met::add);
        while (page.get("has_more").asBoolean()) {
            page = app.get(path + "&cursor=" + page.get("next_cursor").asString()).expect(200).json();
            page.get("items").forEach(met::add);
        }
        return met;
    }

    BigDecimal total() {
        return new BigDecimal(app.get("/accounts/total").expect(200).json().get("total").asString());
    }

    /// Fails unless each transfer has two entries that sum to nothing, and each balance is the sum of its entries.
    void assertBooksBalance() throws SQLException {
        assertEquals(List.of(), query(app, """
                select 'transfer ' || transactions.id from transactions join entries on transaction_id = transactions.id
                 where kind = 'transfer'
                 group by transactions.id
                having count(*) <> 2 or sum(entries.amount_minor) <> 0
                """));
        assertEquals(List.of(), query(app, """
                select 'account ' || id from accounts left join entries on account_id = id
                 group by id, balance_minor
                having balance_minor <> coalesce(sum(amount_minor), 0) or balance_minor < 0
                """));
    }

    /// Fails if PostgreSQL had to break a circle of transactions that wait for each other.
    void assertNoDeadlock() throws SQLException {
        assertEquals(List.of("0"),
                query(app, "select deadlocks from pg_stat_database where datname = current_database()"));
    }

    static void sql(TestApp app, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(app.database().jdbcUrl());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// The first column of all rows.
    static List<String> query(TestApp app, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(app.database().jdbcUrl());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            var found = new ArrayList<String>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }
}
