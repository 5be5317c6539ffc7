package dev.heddle.accounts;

import java.math.BigDecimal;

import dev.heddle.json.DecimalOrText;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import tools.jackson.databind.annotation.JsonDeserialize;

/// What a caller says of an account to be opened.
// The formatter cannot break a line between annotations. @formatter:off
@Valid
public record AccountBody(
        @Schema(example = "Ada") @NotNull @Size(min = 1, max = 100) String owner,
        @Schema(example = "100.00", implementation = DecimalOrText.Written.class)
        @NotNull @DecimalMin("0") @Digits(integer = 13, fraction = 2)
        @JsonDeserialize(using = DecimalOrText.class) BigDecimal balance) {
// @formatter:on
}
