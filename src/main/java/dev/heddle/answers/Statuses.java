package dev.heddle.answers;

import dev.heddle.web.Failure;
import dev.heddle.web.Route.Result.Meaning;

import io.helidon.http.Status;

/// The one place that knows which HTTP status a result or a failure is.
public final class Statuses {
    /// Helidon's constant still says "Unprocessable Entity"; RFC 9110 section 15.5.21 renamed it.
    private static final Status UNPROCESSABLE = Status.create(422, "Unprocessable Content");

    /// RFC 6585 section 5; Helidon has no constant for it.
    public static final Status HEADERS_TOO_LARGE = Status.create(431, "Request Header Fields Too Large");

    private Statuses() {
    }

    /// The code of a failure of this kind.
    public static int code(Failure.Kind kind) {
        return of(kind).code();
    }

    /// The title of a failure of this kind.
    public static String phrase(Failure.Kind kind) {
        return of(kind).reasonPhrase();
    }

    /// The code of a result of this meaning.
    public static int code(Meaning meaning) {
        return of(meaning).code();
    }

    static Status of(Failure.Kind kind) {
        return switch (kind) {
            // The guides answer an overdraft so, and their callers look for it.
            case UNREADABLE, OVERDRAWN -> Status.BAD_REQUEST_400;
            case INVALID -> UNPROCESSABLE;
            case NOT_FOUND -> Status.NOT_FOUND_404;
            case CONFLICT -> Status.CONFLICT_409;
            case STALE -> Status.PRECONDITION_FAILED_412;
            case TOO_LARGE -> Status.REQUEST_ENTITY_TOO_LARGE_413;
            case UNSUPPORTED_TYPE -> Status.UNSUPPORTED_MEDIA_TYPE_415;
            case UPSTREAM_BROKEN -> Status.BAD_GATEWAY_502;
            case UPSTREAM_SLOW -> Status.GATEWAY_TIMEOUT_504;
            case RATE_LIMITED -> Status.TOO_MANY_REQUESTS_429;
            case OUT_OF_RANGE -> Status.REQUESTED_RANGE_NOT_SATISFIABLE_416;
        };
    }

    static Status of(Meaning meaning) {
        return switch (meaning) {
            case OK -> Status.OK_200;
            case CREATED -> Status.CREATED_201;
            case ACCEPTED -> Status.ACCEPTED_202;
            case NOTHING -> Status.NO_CONTENT_204;
        };
    }
}
