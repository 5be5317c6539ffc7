package dev.heddle.web;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.heddle.events.Event;

import org.jspecify.annotations.Nullable;

/// What a caller asked for, already checked against what the route declares. Used by one thread.
public final class Request {
    /// The id of the last event that the caller got before it lost its connection.
    static final Parameter<Optional<String>> LAST_EVENT_ID = Parameter.optionalTextHeader("Last-Event-ID",
            Event.LONGEST_ID, "The id of the last event that was received; the events after it are sent.");

    /// What a request holds besides its declared parameters: the bound body, if any; each header by name; the raw body;
    /// the address that it came from.
    public record Parts(@Nullable Object body, Function<String, Optional<String>> headers, InputStream content,
            Supplier<String> peer) {}

    private final Route route;
    private final List<@Nullable Object> values;
    private final Parts parts;

    /// `values` stand in the order of the route's parameters.
    public Request(Route route, List<@Nullable Object> values, Parts parts) {
        this.route = route;
        this.values = values;
        this.parts = parts;
    }

    /// What was asked: the route that was found for it.
    public Route route() {
        return route;
    }

    /// The value of a parameter that the route declares.
    ///
    /// @throws IllegalArgumentException if the route does not declare it
    @SuppressWarnings("unchecked")
    public <T> T value(Parameter<T> parameter) {
        int index = route.parameters().indexOf(parameter);
        if (index < 0) {
            throw new IllegalArgumentException(route + " does not declare the parameter " + parameter.name());
        }
        return (T) values.get(index);
    }

    /// The body, of the type that the route declares.
    public <T> T body(Class<T> type) {
        return type.cast(parts.body());
    }

    /// The body, of the type that the route declares; empty if the route lets it be absent, and it is.
    public <T> Optional<T> optionalBody(Class<T> type) {
        return Optional.ofNullable(type.cast(parts.body()));
    }

    /// The elements of the body, of the type that the route declares.
    @SuppressWarnings("unchecked")
    public <T> List<T> bodyList(Class<T> type) {
        return (List<T>) body(List.class);
    }

    /// The body as it arrives, where the route declares a stream. Reading ends with an exception when nothing arrives.
    public InputStream content() {
        return parts.content();
    }

    /// The media type of the body in lower case, without parameters; empty if there is none.
    public String mediaType() {
        return MediaType.of(header("Content-Type").orElse(""));
    }

    public Optional<String> header(String name) {
        return parts.headers().apply(name);
    }

    /// The id of the last event that the caller got before it lost its connection, where the route gives events: those
    /// after it are wanted. It is what the caller says, and so may be no id at all.
    public Optional<String> lastEventId() {
        return value(LAST_EVENT_ID);
    }

    /// The IP address at the other end of the connection: the caller's own, or that of a proxy before us.
    public String peer() {
        return parts.peer().get();
    }

    /// The versions that the caller is ready to overwrite.
    public IfMatch ifMatch() {
        return header("If-Match").map(IfMatch::parse).orElse(IfMatch.any());
    }
}
