package dev.heddle.accounts;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dev.heddle.db.Database;
import dev.heddle.db.Tx;
import dev.heddle.web.Failure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/// Does many operations in one transaction, each behind a savepoint: one that fails leaves nothing behind and harms no
/// other, and what is told of them is what is committed.
///
/// All accounts that a batch names are locked before its first operation, in the order of their ids, as transfers do: so
/// it can wait for others, but never in a circle. An account that was not there then does not exist for the batch.
public final class Batch {
    /// What became of the operations, in their order.
    public record BatchReport(List<OperationResult> results) {
        public BatchReport {
            results = List.copyOf(results);
        }
    }

    /// What became of one operation: the transaction or the account that it made, or why it failed.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OperationResult(int index, @Schema(pattern = "success|failed") String status,
            @Schema(requiredMode = RequiredMode.NOT_REQUIRED) @Nullable Long transactionId,
            @Schema(requiredMode = RequiredMode.NOT_REQUIRED) @Nullable Long account,
            @Schema(requiredMode = RequiredMode.NOT_REQUIRED) @Nullable String error) {

        static OperationResult moved(int index, long transactionId) {
            return new OperationResult(index, "success", transactionId, null, null);
        }

        static OperationResult opened(int index, long account) {
            return new OperationResult(index, "success", null, account, null);
        }

        static OperationResult failed(int index, Failure failure) {
            return new OperationResult(index, "failed", null, null, failure.getMessage());
        }
    }

    private final Database db;
    private final Accounts accounts;
    private final Ledger ledger;

    public Batch(Database db, Accounts accounts, Ledger ledger) {
        this.db = db;
        this.accounts = accounts;
        this.ledger = ledger;
    }

    /// Does `operations` in their order, as many as can be done.
    public BatchReport run(List<AccountOperation> operations) {
        return db.inTransaction(tx -> {
            List<Long> named = operations.stream()
                    .flatMap(each -> Stream.of(each.account(), each.fromAccount(), each.toAccount()))
                    .filter(Objects::nonNull).distinct().toList();
            var known = new HashSet<>(ledger.lock(named));
            var results = new ArrayList<OperationResult>();
            for (AccountOperation operation : operations) {
                results.add(attempt(tx, operation, results.size(), known));
            }
            return new BatchReport(results);
        });
    }

    private OperationResult attempt(Tx tx, AccountOperation operation, int index, Set<Long> known) {
        try {
            Stream.of(operation.account(), operation.fromAccount(), operation.toAccount())
                    .filter(id -> id != null && !known.contains(id)).findFirst().ifPresent(id -> {
                        throw Accounts.unknown(id);
                    });
            return tx.savepoint(() -> run(operation, index));
        } catch (Failure failure) {
            return OperationResult.failed(index, failure);
        }
    }

    private OperationResult run(AccountOperation operation, int index) {
        return switch (operation.op()) {
            case DEPOSIT -> OperationResult.moved(index,
                    ledger.deposit(operation.account(), Money.minorUnits(operation.amount())));
            case WITHDRAW -> OperationResult.moved(index,
                    ledger.withdraw(operation.account(), Money.minorUnits(operation.amount())));
            case TRANSFER -> OperationResult.moved(index, ledger.transfer(
                    new TransferBody(operation.fromAccount(), operation.toAccount(), operation.amount())));
            case CREATE_ACCOUNT -> OperationResult.opened(index,
                    accounts.open(new AccountBody(operation.owner(), operation.balance())).id());
        };
    }
}
