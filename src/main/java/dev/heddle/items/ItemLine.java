package dev.heddle.items;

import java.math.BigDecimal;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A thing as a line of NDJSON says it: like the body of a request, or as `/items/export` of another server wrote it,
/// whose ids and times mean nothing here and are passed over.
@Valid
@JsonIgnoreProperties({"id", "created_at"})
record ItemLine(@NotNull String name, @Nullable String description, @NotNull BigDecimal price) {}
