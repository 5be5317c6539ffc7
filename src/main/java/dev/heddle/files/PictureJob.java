package dev.heddle.files;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;

import java.util.ArrayList;
import java.util.List;

import dev.heddle.formats.Dimensions;
import dev.heddle.images.Operation;
import dev.heddle.images.OperationBody;
import dev.heddle.json.Constraints;
import dev.heddle.mail.Address;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// What is to be done to which file, and who is told by e-mail when it is done. Without any operation, the picture is only
/// written anew: upright, and without what its file says beside the pixels.
@Valid
public record PictureJob(@NotNull String fileId,
        @Schema(requiredMode = NOT_REQUIRED) @NotNull @Valid
        // In this order.
        @Size(max = PictureJob.MOST_OPERATIONS) List<OperationBody> operations,
        @JsonProperty("notify") @Schema(nullable = true, example = "ada@example.org", maxLength = 254)
        // No component of a record can be called notify.
        @Nullable String recipient) {
    static final int MOST_OPERATIONS = 10;

    public PictureJob {
        operations = operations == null ? List.of() : List.copyOf(operations);
    }

    /// The operations, if they can be done to a picture of size `start`, as all of this job's constraints allow.
    ///
    /// @throws Failure with all that is wrong; locations are relative to the job
    List<Operation> plan(Dimensions start, long mostPixels) {
        var errors = new ArrayList<FieldError>();
        Constraints.check(this, errors);
        if (recipient != null && !Address.isAddress(recipient)) {
            errors.add(new FieldError(List.of("notify"), "must be an e-mail address of ASCII characters", "email"));
        }
        List<Operation> plan = List.of();
        if (errors.isEmpty()) {
            var misfits = new ArrayList<FieldError>();
            plan = OperationBody.operations(operations, start, mostPixels, misfits);
            misfits.forEach(error -> errors.add(error.within("operations")));
        }
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors);
        }
        return plan;
    }
}
