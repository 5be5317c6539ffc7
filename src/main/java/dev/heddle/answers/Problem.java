package dev.heddle.answers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.Unavailable;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.helidon.http.Status;
import org.jspecify.annotations.Nullable;

/// What a caller is told of a failure (RFC 9457), as JSON.
public record Problem(Status status, String detail, List<FieldError> errors, Map<String, String> headers) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /// The JSON of a problem; `type` is always `about:blank`, so that `title` is the status's own phrase.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Body(String type, String title, int status, String detail, String instance, String requestId,
            @Nullable List<FieldError> errors) {}

    public Problem {
        errors = List.copyOf(errors);
        headers = Map.copyOf(headers);
    }

    public static Problem of(Status status, String detail) {
        return new Problem(status, detail, List.of(), Map.of());
    }

    /// What is told of `thrown`; empty if it is a bug, of which nothing is told but that it happened.
    public static Optional<Problem> of(Throwable thrown) {
        return Optional.ofNullable(switch (thrown) {
            case Failure failure ->
                new Problem(Statuses.of(failure.kind()), failure.getMessage(), failure.errors(), failure.headers());
            case DeadlinePassed _ ->
                of(Status.GATEWAY_TIMEOUT_504, "the work was not done by its deadline and was given up");
            case Unavailable unavailable ->
                new Problem(Status.SERVICE_UNAVAILABLE_503, unavailable.getMessage(), List.of(),
                        Map.of("Retry-After", seconds(unavailable.retryAfter())));
            default -> null;
        });
    }

    public static Problem bug() {
        return of(Status.INTERNAL_SERVER_ERROR_500, "the server made a mistake, which it has noted");
    }

    public Body body(String instance, String requestId) {
        return new Body("about:blank", status.reasonPhrase(), status.code(), detail, instance, requestId,
                errors.isEmpty() ? null : errors);
    }

    /// Whole seconds, rounded up (RFC 9110 section 10.2.3 has no smaller unit).
    private static String seconds(Duration duration) {
        return String.valueOf(Math.max(1, duration.plusMillis(999).toSeconds()));
    }
}
