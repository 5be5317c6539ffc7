package dev.heddle.accounts;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

import dev.heddle.db.Database;
import dev.heddle.db.Row;
import dev.heddle.web.Failure;

import io.swagger.v3.oas.annotations.media.Schema;

/// The accounts in the database.
public final class Accounts {
    /// How many accounts one total lists at most.
    static final int MOST_LISTED = 10_000;

    /// All money, and what each account has of it, at one moment. `accounts` are the first 10,000 by id; `hasMore` says
    /// whether there are others, which the total counts, too.
    public record Totals(@Schema(example = "100.00") String total, List<Balance> accounts, boolean hasMore) {
        public Totals {
            accounts = List.copyOf(accounts);
        }
    }

    /// What an account has.
    public record Balance(long id, @Schema(example = "100.00") String balance) {}

    private final Database db;

    public Accounts(Database db) {
        this.db = db;
    }

    private static final String OPEN = """
            with account as (
                insert into accounts (owner, balance_minor) values (?, ?)
                returning id, owner, balance_minor, created_at
            ), opening as (
                insert into transactions (kind, amount_minor)
                select 'opening', balance_minor from account where balance_minor > 0
                returning id
            ), entered as (
                insert into entries (transaction_id, account_id, amount_minor)
                select opening.id, account.id, account.balance_minor from opening, account
            )
            select id, owner, balance_minor, created_at from account
            """;

    /// Opens an account; its first balance is logged as any other change.
    public Account open(AccountBody body) {
        return db.one(OPEN, Accounts::account, body.owner(), Money.minorUnits(body.balance())).orElseThrow();
    }

    private static final String FIND = "select id, owner, balance_minor, created_at from accounts where id = ?";

    public Optional<Account> find(long id) {
        return db.one(FIND, Accounts::account, id);
    }

    private static final String LIST = """
            select id, owner, balance_minor, created_at from accounts where id > ? order by id limit ?
            """;

    /// At most `limit` accounts in order of their ids, with an id over `after`.
    public List<Account> list(long after, int limit) {
        return db.list(LIST, Accounts::account, after, limit);
    }

    // One statement sees one moment (PostgreSQL manual, 13.2.1); its sum is a numeric, which does not overflow.
    private static final String TOTALS = """
            select id, balance_minor, (select sum(balance_minor) from accounts) as total
              from accounts
             order by id
             limit ?
            """;

    /// All money at one moment.
    public Totals totals() {
        record Line(Balance balance, BigDecimal total) {}
        List<Line> lines = db.list(TOTALS, row -> new Line(
                new Balance(row.number("id"), Money.text(row.number("balance_minor"))), row.decimal("total")),
                MOST_LISTED + 1);
        BigDecimal total = lines.isEmpty() ? BigDecimal.ZERO : lines.getFirst().total;
        return new Totals(Money.text(total), lines.stream().limit(MOST_LISTED).map(Line::balance).toList(),
                lines.size() > MOST_LISTED);
    }

    /// The failure of asking for an id that no account has.
    static Failure unknown(long id) {
        return Failure.notFound("account " + id + " does not exist");
    }

    private static Account account(Row row) {
        return new Account(row.number("id"), row.text("owner"), Money.text(row.number("balance_minor")),
                row.instant("created_at"));
    }
}
