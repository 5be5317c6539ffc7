package dev.heddle.server;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import dev.heddle.json.Json;
import dev.heddle.web.Failure;
import dev.heddle.web.Failure.Kind;
import dev.heddle.web.FieldError;
import dev.heddle.web.MediaType;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;
import dev.heddle.wire.BrokenRequest;
import dev.heddle.wire.Target;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;

import org.jspecify.annotations.Nullable;

/// Reads from the wire what a route declares: its parameters and its body, with all that is wrong in them at once.
final class RequestReader {
    private final int mostBodyBytes;
    private final int mostListBytes;

    RequestReader(ServerSettings settings) {
        this.mostBodyBytes = settings.maxBodyBytes();
        this.mostListBytes = settings.maxListBytes();
    }

    /// `segments` are the texts of the route's path parameters, in order.
    ///
    /// @throws Failure if the request is not what the route declares
    Request read(Route route, List<String> segments, ServerRequest from, InputStream content) {
        var errors = new ArrayList<FieldError>();
        List<@Nullable Object> values = values(route, segments, from, errors);
        Object body = route.body().map(declared -> body(declared, from, content, errors)).orElse(null);
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors);
        }
        return new Request(route, values,
                new Request.Parts(body, name -> header(from, name), content, () -> peer(from)));
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

    private @Nullable Object body(Route.Body declared, ServerRequest from, InputStream content,
            List<FieldError> errors) {
        String mediaType = MediaType.of(header(from, "Content-Type").orElse(""));
        if (!declared.mediaTypes().contains(mediaType)) {
            throw Failure.of(Kind.UNSUPPORTED_TYPE, "the body must be " + String.join(" or ", declared.mediaTypes()));
        }
        return switch (declared.form()) {
            case STREAM -> null;
            case VALUE -> bind(() -> Json.bind(bytes(from, content, mostBodyBytes), declared.type()), errors);
            case PATCH -> bind(() -> Json.bindTree(bytes(from, content, mostBodyBytes)), errors);
            case LIST -> bind(() -> list(declared, bytes(from, content, mostListBytes)), errors);
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

    private static byte[] bytes(ServerRequest from, InputStream content, int most) {
        if (from.headers().contentLength().orElse(0) > most) {
            throw tooLarge(most);
        }
        try {
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

    /// The IP address at the other end of the connection; forwarded addresses are what any caller can write.
    static String peer(ServerRequest from) {
        return from.remotePeer().address() instanceof InetSocketAddress address && address.getAddress() != null
                ? address.getAddress().getHostAddress()
                : from.remotePeer().host();
    }

    private static Optional<String> header(ServerRequest from, String name) {
        return from.headers().first(HeaderNames.create(name));
    }
}
