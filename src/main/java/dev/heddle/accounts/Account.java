package dev.heddle.accounts;

import java.time.Instant;

import io.swagger.v3.oas.annotations.media.Schema;

/// Somebody's money as stored; the balance is written out with two decimals.
public record Account(long id, String owner, @Schema(example = "100.00") String balance, Instant createdAt) {}
