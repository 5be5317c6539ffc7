package dev.heddle.accounts;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

import dev.heddle.json.Constraints;
import dev.heddle.json.DecimalOrText;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/// What a caller wants to be transferred.
// The formatter cannot break a line between annotations. @formatter:off
@Valid
public record TransferBody(
        @Schema(example = "1") @NotNull @Min(1) Long fromAccount,
        @Schema(example = "2") @NotNull @Min(1) Long toAccount,
        @Schema(example = "60.00", implementation = DecimalOrText.Written.class)
        @NotNull @DecimalMin("0.01") @Digits(integer = 13, fraction = 2)
        @JsonDeserialize(using = DecimalOrText.class) BigDecimal amount) {
// @formatter:on

    /// The same, said in the query.
    ///
    /// @throws Failure with all that is wrong in it
    @SuppressWarnings("NullAway") // What is missing is what the constraints are to find.
    static TransferBody ofQuery(@Nullable Long from, @Nullable Long to, @Nullable String amount) {
        @Nullable
        BigDecimal decimal = amount == null ? null : DecimalOrText.read(amount).orElse(null);
        var body = new TransferBody(from, to, decimal);
        var errors = new ArrayList<FieldError>();
        if (amount != null && decimal == null) {
            errors.add(new FieldError(List.of("amount"), "must be a number", "number_type"));
        }
        Constraints.check(body, errors);
        return body.checked(errors, "query");
    }

    /// This, if it is between two accounts; `place` is where it was said.
    ///
    /// @throws Failure if it is not
    TransferBody checked(String place) {
        return checked(new ArrayList<>(), place);
    }

    private TransferBody checked(List<FieldError> errors, String place) {
        if (errors.isEmpty() && fromAccount.equals(toAccount)) {
            errors.add(sameAccount());
        }
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors.stream().map(error -> error.within(place)).toList());
        }
        return this;
    }

    static FieldError sameAccount() {
        return new FieldError(List.of("to_account"), "must not be the account that the money comes from",
                "same_account");
    }
}
