package dev.heddle.accounts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.heddle.json.DecimalOrText;
import dev.heddle.web.FieldError;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/// One operation of a batch, as a caller says it: which it is, and those fields that such a one has.
// The formatter cannot break a line between annotations. @formatter:off
@Valid
public record AccountOperation(
        @NotNull Op op,
        @Schema(description = "Of deposit and withdraw.") @Min(1) @Nullable Long account,
        @Schema(description = "Of transfer.") @Min(1) @Nullable Long fromAccount,
        @Schema(description = "Of transfer.") @Min(1) @Nullable Long toAccount,
        @Schema(description = "Of all but create_account.", example = "60.00", implementation = DecimalOrText.Written.class)
        @DecimalMin("0.01") @Digits(integer = 13, fraction = 2)
        @JsonDeserialize(using = DecimalOrText.class) @Nullable BigDecimal amount,
        @Schema(description = "Of create_account.") @Size(min = 1, max = 100) @Nullable String owner,
        @Schema(description = "Of create_account.", example = "100.00", implementation = DecimalOrText.Written.class)
        @DecimalMin("0") @Digits(integer = 13, fraction = 2)
        @JsonDeserialize(using = DecimalOrText.class) @Nullable BigDecimal balance) {
// @formatter:on

    /// What can be done, and which fields say it.
    public enum Op {
        DEPOSIT("account", "amount"), //
        WITHDRAW("account", "amount"), //
        TRANSFER("from_account", "to_account", "amount"), //
        CREATE_ACCOUNT("owner", "balance");

        private final Set<String> fields;

        Op(String... fields) {
            this.fields = Set.of(fields);
        }

        /// As it is written in JSON.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What the constraints of single fields do not see: fields that are missing, or belong to another operation.
    List<FieldError> mistakes() {
        var mistakes = new ArrayList<FieldError>();
        fields().forEach((name, value) -> {
            if (op.fields.contains(name) && value == null) {
                mistakes.add(new FieldError(List.of(name), "is required", "missing"));
            } else if (!op.fields.contains(name) && value != null) {
                mistakes.add(new FieldError(List.of(name), "is no field of " + op, "extra_forbidden"));
            }
        });
        if (mistakes.isEmpty() && op == Op.TRANSFER && fromAccount.equals(toAccount)) {
            mistakes.add(TransferBody.sameAccount());
        }
        return mistakes;
    }

    private Map<String, @Nullable Object> fields() {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("account", account);
        fields.put("from_account", fromAccount);
        fields.put("to_account", toAccount);
        fields.put("amount", amount);
        fields.put("owner", owner);
        fields.put("balance", balance);
        return fields;
    }
}
