package dev.heddle.users;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/// A person as stored. `version` counts the changes, from 1, and is the entity tag.
public record User(long id, String username, String email, String fullName, @Nullable Integer age, Instant createdAt,
        @JsonIgnore long version) {}
