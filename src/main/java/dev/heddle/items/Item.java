package dev.heddle.items;

import java.math.BigDecimal;
import java.time.Instant;

/// A thing in the catalogue as stored; the price has two decimals.
public record Item(long id, String name, String description, BigDecimal price, Instant createdAt) {}
