package dev.heddle.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.heddle.concurrent.Deadline;
import dev.heddle.gzip.GzipInput;
import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.FieldError;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;
import dev.heddle.wire.BrokenRequest;
import dev.heddle.wire.Names;
import dev.heddle.wire.Target;

import io.helidon.http.HeaderName;
import io.helidon.webserver.http.ServerRequest;
import org.jspecify.annotations.Nullable;

/// Reads from the wire what a route declares: its parameters and its body, with all that is wrong in them at once.
final class RequestReader {
    private static final long MOST_TIMEOUT_MILLIS = 120_000;
    private static final Parameter<Optional<Long>> TIMEOUT = Parameter.optionalHeader("X-Timeout-Ms",
            Parameter.from(1, MOST_TIMEOUT_MILLIS), "Milliseconds after which the caller no longer waits.");

    /// Where a request is read from: its head, and its body, which only moves on.
    record Source(ServerRequest head, InputStream content) {}

    private final ServerSettings settings;

    RequestReader(ServerSettings settings) {
        this.settings = settings;
    }

    /// The server's deadline, or the caller's if that is sooner; none where the route has none and the caller sets none.
    /// A time that is refused is one more of `errors`.
    Optional<Deadline> deadline(Route route, ServerRequest from, List<FieldError> errors) {
        Optional<Long> millis = TIMEOUT.read(header(from, TIMEOUT.name()).orElse(null), errors);
        Duration ours = settings.deadline();
        if (millis == null || millis.isEmpty()) {
            return route.hasDeadline() ? Optional.of(Deadline.in(ours)) : Optional.empty();
        }
        var theirs = Duration.ofMillis(millis.get());
        boolean isSooner = !route.hasDeadline() || theirs.compareTo(ours) < 0;
        return Optional.of(Deadline.in(isSooner ? theirs : ours));
    }

    /// `segments` are the texts of the route's path parameters, in order; `errors` what was found wrong before.
    ///
    /// @throws Failure if the request is not what the route declares, with all that is wrong
    Request read(Route route, List<String> segments, Source from, List<FieldError> errors) {
        List<@Nullable Object> values = values(route, segments, from.head, errors);
        Optional<Route.Body> expected = route.body().filter(declared -> !isLeftOut(declared, from.head));
        expected.ifPresent(declared -> checkType(declared, from.head));
        Source source = expected.isPresent() ? decoded(from) : from;
        Object body = expected.map(declared -> body(declared, source, errors)).orElse(null);
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors);
        }
        return new Request(route, values,
                new Request.Parts(body, name -> header(from.head, name), source.content, () -> peer(from.head)));
    }

    private static List<@Nullable Object> values(Route route, List<String> segments, ServerRequest from,
            List<FieldError> errors) {
        if (route.parameters().isEmpty()) {
            return List.of();
        }
        Map<String, String> query = Target.query(from.query().rawValue());
        Iterator<String> path = segments.iterator();
        var values = new ArrayList<@Nullable Object>(route.parameters().size());
        for (Parameter<?> parameter : route.parameters()) {
            values.add(parameter.read(switch (parameter.place()) {
                case PATH -> path.next();
                case QUERY -> query.get(parameter.name());
                case HEADER -> header(from, parameter.name()).orElse(null);
            }, errors));
        }
        return values;
    }

    private @Nullable Object body(Route.Body declared, Source from, List<FieldError> errors) {
        return switch (declared.form()) {
            case STREAM, FORM -> null;
            case VALUE -> bind(() -> Json.bind(bytes(from, settings.maxBodyBytes()), declared.type()), errors);
            case VALUE_OR_TEXTS -> bind(() -> Json.bind(bytes(from, settings.maxListBytes()), declared.type()), errors);
            case OBJECT -> bind(() -> Json.bindObject(bytes(from, settings.maxBodyBytes())), errors);
            case ANY -> bind(() -> any(from), errors);
            case PATCH -> bind(() -> Json.bindTree(bytes(from, settings.maxBodyBytes())), errors);
            case LIST -> bind(() -> list(declared, bytes(from, settings.maxListBytes())), errors);
        };
    }

    private static boolean isLeftOut(Route.Body declared, ServerRequest from) {
        return declared.isOptional() && isAbsent(from);
    }

    /// RFC 9112 section 6.3: without a length and without chunks a request has no body.
    private static boolean isAbsent(ServerRequest from) {
        return from.headers().contentLength().orElse(0) == 0 && header(from, "Transfer-Encoding").isEmpty();
    }

    private Object any(Source from) {
        byte[] bytes = bytes(from, settings.maxBodyBytes());
        boolean isText = MediaType.of(header(from.head, "Content-Type").orElse("")).equals(MediaType.TEXT);
        return isText ? Json.text(bytes) : Json.bindAny(bytes);
    }

    private static void checkType(Route.Body declared, ServerRequest from) {
        if (!declared.mediaTypes().contains(MediaType.of(header(from, "Content-Type").orElse("")))) {
            throw Failure.of(Kind.UNSUPPORTED_TYPE, "the body must be " + String.join(" or ", declared.mediaTypes()));
        }
    }

    /// What the caller sent, inflated if it says that it is gzip.
    private static Source decoded(Source from) {
        return switch (header(from.head, "Content-Encoding").orElse("identity").strip().toLowerCase(Locale.ROOT)) {
            case "identity" -> from;
            // An old name of the same (RFC 9110 section 8.4.1.3).
            case "gzip", "x-gzip" -> new Source(from.head, new GzipInput(from.content));
            default ->
                throw Failure.of(Kind.UNSUPPORTED_TYPE, "the body may be compressed by gzip, and by nothing else")
                        .with(Map.of("Accept-Encoding", "gzip"));
        };
    }

    private static List<?> list(Route.Body declared, byte[] bytes) {
        List<?> elements = Json.bindList(bytes, declared.type());
        if (elements.size() > declared.mostElements()) {
            throw Failure.of(Kind.TOO_LARGE, "the list has more than " + declared.mostElements() + " elements");
        }
        return elements;
    }

    private static @Nullable Object bind(Supplier<Object> binding, List<FieldError> errors) {
        try {
            return binding.get();
        } catch (Failure failure) {
            if (failure.kind() != Kind.INVALID) {
                throw failure;
            }
            failure.errors().forEach(error -> errors.add(error.within("body")));
            return null;
        }
    }

    private static byte[] bytes(Source from, int most) {
        if (from.head.headers().contentLength().orElse(0) > most) {
            throw tooLarge(most);
        }
        try (InputStream content = from.content) {
            byte[] bytes = content.readNBytes(most + 1);
            if (bytes.length > most) {
                throw tooLarge(most);
            }
            return bytes;
        } catch (IOException e) {
            throw new BrokenRequest("the body is cut", e);
        }
    }

    private static Failure tooLarge(int most) {
        return Failure.of(Kind.TOO_LARGE, "the body has more than " + most + " bytes");
    }

    static ExchangeListener.Asked asked(ServerRequest from, String requestId, String method) {
        return new ExchangeListener.Asked(requestId, method, from.path().rawPath(), name -> header(from, name));
    }

    /// The IP address at the other end of the connection; forwarded addresses are what any caller can write.
    static String peer(ServerRequest from) {
        return from.remotePeer().address() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : from.remotePeer().host();
    }

    /// The site whose page asks, as its browser says; empty if none does.
    static String origin(ServerRequest from) {
        return header(from, "Origin").orElse("");
    }

    /// A header given several times is one list (RFC 9110 section 5.2).
    private static Optional<String> header(ServerRequest from, String name) {
        HeaderName known = Names.of(name);
        return from.headers().contains(known) ? Optional.of(from.headers().get(known).values()) : Optional.empty();
    }
}
