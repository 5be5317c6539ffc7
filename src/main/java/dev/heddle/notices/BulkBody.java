package dev.heddle.notices;

import static io.swagger.v3.oas.annotations.media.Schema.RequiredMode.NOT_REQUIRED;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.IntStream;

import dev.heddle.mail.Address;
import dev.heddle.mail.Mail;
import dev.heddle.web.FieldError;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/// Whom to write what; also what a task of the kind `send-bulk-emails` is told. A bare list is the addresses alone.
@Valid
public record BulkBody(
        @NotNull @Size(min = 1, max = 10_000) List<@Email String> emails,
        @Schema(requiredMode = NOT_REQUIRED, example = "News") @Size(max = Mail.LONGEST_SUBJECT)
        // A line of its own, and no other header.
        @Pattern(regexp = Mail.SUBJECT, message = EmailData.ONE_LINE) @Nullable String subject,
        @Schema(requiredMode = NOT_REQUIRED, example = "Hello {name}!") @Size(min = 1, max = Template.LONGEST)
        // Absent where it stands in the query.
        @Pattern(regexp = Template.SYNTAX, message = Template.RULE) @Nullable String template) {

    private static final int MOST_ERRORS = 100;

    @JsonCreator(mode = JsonCreator.Mode.PROPERTIES)
    public BulkBody {
        // Not List.copyOf, which would not tell which of them is null.
        emails = emails == null ? null : Collections.unmodifiableList(new ArrayList<>(emails));
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static BulkBody of(List<String> emails) {
        return new BulkBody(emails, null, null);
    }

    /// What is wrong with the addresses beyond what [Email] finds, which lets pass what few mail servers take, and
    /// null.
    List<FieldError> errors() {
        return IntStream.range(0, emails.size()).filter(i -> !isAddress(emails.get(i))).limit(MOST_ERRORS)
                .mapToObj(i -> new FieldError(List.of("body", "emails", i),
                        "must be an e-mail address of ASCII characters", "email"))
                .toList();
    }

    /// The addresses, each once: of those that differ in case only the first is taken. There are no errors.
    List<Address> addresses() {
        var unique = new LinkedHashMap<String, Address>();
        emails.stream().map(Address::new).forEach(address -> unique.putIfAbsent(address.key(), address));
        return List.copyOf(unique.values());
    }

    private static boolean isAddress(@Nullable String text) {
        return text != null && Address.isAddress(text);
    }
}
