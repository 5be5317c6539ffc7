package dev.heddle.notices;

import dev.heddle.mail.Address;
import dev.heddle.mail.Mail;

import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/// What a task of the kind `send-email` is told.
@Valid
public record EmailData(
        @Schema(example = "ada@example.org") @NotNull @Size(max = 254)
        // Stricter than @Email, which lets pass what few mail servers take.
        @Pattern(regexp = Address.SYNTAX, message = EmailData.ADDRESS) String to,
        @Schema(example = "Your picture") @NotNull @Size(max = Mail.LONGEST_SUBJECT)
        // A line of its own, and no other header.
        @Pattern(regexp = Mail.SUBJECT, message = EmailData.ONE_LINE) String subject,
        @Schema(example = "It is done.") @NotNull @Size(max = Mail.LONGEST_BODY) String body) {

    static final String ADDRESS = "email|must be an e-mail address of ASCII characters";
    static final String ONE_LINE = "single_line|must be one line without control characters";
}
