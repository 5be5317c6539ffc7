package dev.heddle.users;

import java.time.Instant;

import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import org.jspecify.annotations.Nullable;

/// A person as listed. `avatar` is there only if it was asked for, and null if there is none or it could not be found out.
public record UserWithAvatar(long id, String username, String email, String fullName, @Nullable Integer age,
        Instant createdAt, @Schema(requiredMode = RequiredMode.NOT_REQUIRED) @Nullable String avatar) {

    static UserWithAvatar of(User user, @Nullable String avatar) {
        return new UserWithAvatar(user.id(), user.username(), user.email(), user.fullName(), user.age(),
                user.createdAt(), avatar);
    }
}
