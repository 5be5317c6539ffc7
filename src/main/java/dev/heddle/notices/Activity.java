package dev.heddle.notices;

import java.time.Instant;

/// Something that was done.
public record Activity(long id, String entry, Instant createdAt) {}
