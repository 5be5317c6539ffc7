package dev.heddle.accounts;

import static dev.heddle.web.Failure.Kind.CONFLICT;
import static dev.heddle.web.Failure.Kind.NOT_FOUND;
import static dev.heddle.web.Failure.Kind.OVERDRAWN;
import static dev.heddle.web.Parameter.from;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.heddle.idempotency.Idempotency;
import dev.heddle.pages.Cursors;
import dev.heddle.pages.Page;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Parameter;
import dev.heddle.web.Reply;
import dev.heddle.web.Request;
import dev.heddle.web.Route;

import io.swagger.v3.oas.annotations.media.Schema;

/// What can be asked about money.
public final class AccountRoutes {
    private static final int MOST_IN_BATCH = 1_000;
    private static final int MOST_MISTAKES = 100;
    private static final Parameter<Long> ID = Parameter.id("id", "Which account.");
    private static final Parameter<Optional<String>> CURSOR = Parameter.optionalText("cursor", 200,
            "The `next_cursor` of the page before.");
    private static final Parameter<Integer> LIMIT = Parameter.count("limit", 20, from(1, 1_000), "How many at most.");
    private static final Parameter<Optional<Long>> ACCOUNT = Parameter.optionalId("account",
            "Only what happened to this account.");
    private static final Parameter<Optional<Long>> FROM = Parameter.optionalId("from_account",
            "From whom, if there is no body.");
    private static final Parameter<Optional<Long>> TO = Parameter.optionalId("to_account",
            "To whom, if there is no body.");
    private static final Parameter<Optional<String>> AMOUNT = Parameter.optionalText("amount", 40,
            "How much, if there is no body.");

    private final Accounts accounts;
    private final Ledger ledger;
    private final Batch batch;
    private final Idempotency idempotency;
    private final Cursors cursors;

    public AccountRoutes(Accounts accounts, Ledger ledger, Batch batch, Idempotency idempotency, Cursors cursors) {
        this.accounts = accounts;
        this.ledger = ledger;
        this.batch = batch;
        this.idempotency = idempotency;
        this.cursors = cursors;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/accounts", "Open an account.").with(Idempotency.KEY).takes(AccountBody.class)
                        .creates(Account.class).handledBy(this::open),
                Route.get("/accounts", "List accounts by id, page by page.").with(CURSOR, LIMIT)
                        .givesPage(Account.class).handledBy(this::list),
                Route.get("/accounts/{id}", "Read an account.").with(ID).gives(Account.class).fails(NOT_FOUND)
                        .handledBy(this::find),
                Route.get("/accounts/total", "Read all balances and their sum, as of one moment.")
                        .gives(Accounts.Totals.class).handledBy(_ -> accounts.totals()),
                Route.post("/transfer", "Move money from one account to another.")
                        .with(Idempotency.KEY, FROM, TO, AMOUNT).mayTake(TransferBody.class).gives(Transferred.class)
                        .fails(NOT_FOUND, OVERDRAWN, CONFLICT).handledBy(this::transfer),
                Route.get("/transactions", "List what happened, page by page.").with(ACCOUNT, CURSOR, LIMIT)
                        .givesPage(Ledger.Transaction.class).handledBy(this::log),
                Route.post("/batch-operation", "Do many operations in one transaction, as many as can be done.")
                        .with(Idempotency.KEY).takesList(AccountOperation.class, MOST_IN_BATCH)
                        .gives(Batch.BatchReport.class)
                        .handledBy(this::batch));
    }

    private Object open(Request request) {
        AccountBody body = request.body(AccountBody.class);
        return idempotency.once(request, body, () -> {
            Account account = accounts.open(body);
            return Reply.of(account).at("/accounts/" + account.id());
        });
    }

    private Object list(Request request) {
        int limit = request.value(LIMIT);
        Cursors.Scope scope = cursors.scope("accounts");
        return Page.of(accounts.list(scope.read(request.value(CURSOR)), limit + 1), limit, Account::id, scope);
    }

    private Object find(Request request) {
        long id = request.value(ID);
        return accounts.find(id).orElseThrow(() -> Accounts.unknown(id));
    }

    /// What is told of a transfer.
    record Transferred(String message, @Schema(example = "60.00") String amount, long transactionId) {}

    private Object transfer(Request request) {
        TransferBody body = request.optionalBody(TransferBody.class).map(said -> saidOnce(request, said))
                .orElseGet(() -> TransferBody.ofQuery(request.value(FROM).orElse(null), request.value(TO).orElse(null),
                        request.value(AMOUNT).orElse(null)));
        return idempotency.once(request, body, () -> Reply.of(new Transferred("Transfer successful",
                Money.text(Money.minorUnits(body.amount())), ledger.transfer(body))));
    }

    /// A body and a query could contradict each other.
    private static TransferBody saidOnce(Request request, TransferBody body) {
        for (Parameter<? extends Optional<?>> parameter : List.of(FROM, TO, AMOUNT)) {
            if (request.value(parameter).isPresent()) {
                throw Failure.invalid(new FieldError(List.of("query", parameter.name()),
                        "must not be there beside a body", "extra_forbidden"));
            }
        }
        return body.checked("body");
    }

    private Object log(Request request) {
        int limit = request.value(LIMIT);
        Optional<Long> account = request.value(ACCOUNT);
        Cursors.Scope scope = cursors.scope("transactions" + account.map(id -> "?account=" + id).orElse(""));
        long after = scope.read(request.value(CURSOR));
        List<Ledger.Transaction> found = account.isPresent()
                ? ledger.listOf(account.get(), after, limit + 1)
                : ledger.list(after, limit + 1);
        return Page.of(found, limit, Ledger.Transaction::transactionId, scope);
    }

    private Object batch(Request request) {
        List<AccountOperation> operations = request.bodyList(AccountOperation.class);
        var mistakes = new ArrayList<FieldError>();
        for (int i = 0; i < operations.size() && mistakes.size() < MOST_MISTAKES; i++) {
            for (FieldError mistake : operations.get(i).mistakes()) {
                mistakes.add(mistake.within(i).within("body"));
            }
        }
        if (!mistakes.isEmpty()) {
            throw Failure.invalid(mistakes);
        }
        return idempotency.once(request, operations, () -> Reply.of(batch.run(operations)));
    }
}
