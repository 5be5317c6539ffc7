package dev.heddle.items;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;

import java.math.BigDecimal;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/// What a caller says of a thing.
@Valid
public record ItemBody(
        @Schema(example = "Shuttle") @NotNull @Size(min = 1, max = 200) String name,
        @Schema(requiredMode = NOT_REQUIRED, example = "Carries weft.") @NotNull @Size(max = 2_000) String description,
        @Schema(example = "12.50") @NotNull @DecimalMin("0") @Digits(integer = 10, fraction = 2) BigDecimal price) {

    public ItemBody {
        description = description == null ? "" : description;
    }
}
