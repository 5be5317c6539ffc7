package dev.heddle.users;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;

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
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a caller says of a person. `name` stands for `username` and `full_name` where these are absent, for callers of
/// the FastAPI guides' code.
@Valid
public record UserBody(
        @Size(max = 50) @Nullable String name,
        @Schema(requiredMode = NOT_REQUIRED, example = "ada") @NotNull @Size(min = 1, max = 50)
        // Not @NotBlank, which the documentation would take for a field that must be there, whatever @Schema says.
        @Pattern(regexp = "[\\s\\S]*\\S[\\s\\S]*", message = "blank|must not be blank") String username,
        @Schema(example = "ada@example.org") @NotNull @Email @Size(min = 3, max = 100) String email,
        @Schema(requiredMode = NOT_REQUIRED, example = "Ada Lovelace") @NotNull @Size(max = 100) String fullName,
        @Schema(example = "36", nullable = true) @Min(0) @Max(150) @Nullable Integer age) {

    public UserBody {
        username = username == null ? name : username;
        fullName = fullName == null ? name : fullName;
        fullName = fullName == null ? "" : fullName;
    }

    /// The body of a person of whom no more is known than a name.
    ///
    /// @throws Failure with all that is wrong in the query that said these
    static UserBody of(String name, String email) {
        var body = new UserBody(null, name, email, name, null);
        var errors = new ArrayList<FieldError>();
        Constraints.check(body, errors);
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors.stream().map(UserBody::inQuery).distinct().toList());
        }
        return body;
    }

    private static FieldError inQuery(FieldError error) {
        String said = error.loc().equals(List.of("email")) ? "email" : "name";
        return new FieldError(List.of("query", said), error.msg(), error.type());
    }

    /// The body that would leave `user` as it is.
    static UserBody of(User user) {
        return new UserBody(null, user.username(), user.email(), user.fullName(), user.age());
    }

    /// This body with the fields changed that `patch` names; a name given alone stands for both, as when creating.
    ///
    /// @throws Failure with all that is wrong
    UserBody patched(ObjectNode patch) {
        ObjectNode changes = patch.deepCopy();
        if (changes.has("name")) {
            changes.putIfAbsent("username", changes.get("name"));
            changes.putIfAbsent("full_name", changes.get("name"));
        }
        try {
            return Json.patched(this, changes, UserBody.class);
        } catch (Failure failure) {
            throw Failure.invalid(failure.errors().stream().map(error -> error.within("body")).toList());
        }
    }
}
