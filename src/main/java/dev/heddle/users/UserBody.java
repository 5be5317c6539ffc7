package dev.heddle.users;

import java.util.ArrayList;
import java.util.List;

import dev.heddle.json.Constraints;
import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a caller says of a person. `name` stands for `username` and `full_name` where these are absent, for callers of
/// the FastAPI guides' code.
@Valid
public record UserBody(
        @Size(max = 50) @Nullable String name,
        @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED, example = "ada") @NotBlank @Size(max = 50) String username,
        @Schema(example = "ada@example.org") @NotNull @Email @Size(max = 100) String email,
        @Schema(requiredMode = Schema.RequiredMode.NOT_REQUIRED, example = "Ada Lovelace") @NotNull @Size(max = 100) String fullName,
        @Schema(example = "36") @Min(0) @Max(150) @Nullable Integer age) {

    public UserBody {
        username = username == null ? name : username;
        fullName = fullName == null ? name == null ? "" : name : fullName;
    }

    /// `body`, if it breaks no constraint.
    ///
    /// @throws Failure with all that is wrong
    static UserBody checked(UserBody body) {
        var errors = new ArrayList<FieldError>();
        Constraints.check(body, errors);
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors.stream().map(error -> error.within("query")).toList());
        }
        return body;
    }

    /// This body with the fields changed that `patch` names; a name given alone stands for both names, as when creating.
    ///
    /// @throws Failure with all that is wrong
    UserBody patched(ObjectNode patch) {
        ObjectNode whole = patch.deepCopy();
        if (whole.has("name")) {
            for (String field : List.of("username", "full_name")) {
                if (!whole.has(field)) {
                    whole.set(field, whole.get("name"));
                }
            }
        }
        return Json.patched(this, whole, UserBody.class);
    }

    /// The body that would leave `user` as it is.
    static UserBody of(User user) {
        return new UserBody(null, user.username(), user.email(), user.fullName(), user.age());
    }
}
