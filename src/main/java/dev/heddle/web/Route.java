package dev.heddle.web;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import dev.heddle.events.EventStream;

import org.jspecify.annotations.Nullable;

/// One thing that can be asked over HTTP, as a value: what is asked, what is taken, what is given, what may fail.
///
/// The same list of routes is served and becomes `/openapi.json`, so that the documentation cannot drift. A path's
/// parameters stand in braces; a literal segment wins over a parameter. Immutable; each method returns a changed copy.
public final class Route {
    public enum Method {
        GET, POST, PUT, PATCH, DELETE
    }

    /// Answers one request: returns the value, or a [Reply], or throws a [Failure]. May block.
    @FunctionalInterface
    public interface Handler {
        @Nullable
        Object handle(Request request) throws Exception;
    }

    /// Sends events to one caller, in plain blocking code, and returns after the last. It may wait for as long as it
    /// likes.
    @FunctionalInterface
    public interface EventHandler {
        void handle(Request request, EventStream events) throws Exception;
    }

    /// What the body must be, unless it `isOptional` and not there. A list holds at most `mostElements`; a stream has no
    /// bound in total, and a form none here: the handler reads it, and knows how long each of its parts may be.
    public record Body(Form form, Class<?> type, List<String> mediaTypes, int mostElements, boolean isOptional) {
        public enum Form {
            VALUE, VALUE_OR_TEXTS, OBJECT, ANY, PATCH, LIST, STREAM, FORM
        }

        private Body(Form form, Class<?> type, List<String> mediaTypes, int mostElements) {
            this(form, type, mediaTypes, mostElements, false);
        }

        public Body {
            mediaTypes = List.copyOf(mediaTypes);
        }
    }

    /// What is given back when all went well: of `mediaType`, or of one of `others`, which the reply then names by its
    /// `Content-Type`.
    public record Result(Meaning meaning, Shape shape, Class<?> type, String mediaType, List<String> others) {
        public enum Meaning {
            OK, CREATED, ACCEPTED, NOTHING
        }

        public enum Shape {
            VALUE, LIST, PAGE, STREAM, EVENTS, CONTENT
        }

        public Result {
            others = List.copyOf(others);
        }
    }

    private static final Result NOTHING = new Result(Result.Meaning.NOTHING, Result.Shape.VALUE, Void.class, "",
            List.of());

    private final Draft told;
    private final Handler handler;

    /// `told` must not change any more.
    private Route(Draft told, Handler handler) {
        this.told = told;
        this.handler = handler;
    }

    public static Draft get(String path, String summary) {
        return new Draft(Method.GET, path, summary);
    }

    public static Draft post(String path, String summary) {
        return new Draft(Method.POST, path, summary);
    }

    public static Draft put(String path, String summary) {
        return new Draft(Method.PUT, path, summary);
    }

    public static Draft patch(String path, String summary) {
        return new Draft(Method.PATCH, path, summary);
    }

    public static Draft delete(String path, String summary) {
        return new Draft(Method.DELETE, path, summary);
    }

    public Method method() {
        return told.method;
    }

    /// The pattern, such as `/users/{id}`; also the name of the route in metrics.
    public String path() {
        return told.path;
    }

    public String summary() {
        return told.summary;
    }

    public List<Parameter<?>> parameters() {
        return told.parameters;
    }

    public Optional<Body> body() {
        return Optional.ofNullable(told.body);
    }

    public Result result() {
        return told.result;
    }

    /// The failures of this route's own, beside those that every route with such parameters and such a body has.
    public Set<Failure.Kind> failures() {
        return Set.copyOf(told.failures);
    }

    /// Whether the server's default deadline holds; without one, only 10 s without progress end the exchange.
    public boolean hasDeadline() {
        return told.hasDeadline;
    }

    /// Whether the route stands in `/openapi.json`.
    public boolean isListed() {
        return told.isListed;
    }

    /// Whether the handler chooses the kind of its thread itself, whatever the settings say.
    public boolean isPinned() {
        return told.isPinned;
    }

    public Handler handler() {
        return handler;
    }

    /// The same route, answered by `other`.
    public Route handledBy(Handler other) {
        return new Route(told, other);
    }

    @Override
    public String toString() {
        return told.method + " " + told.path;
    }

    /// A route that has no handler yet.
    public static final class Draft {
        private final Method method;
        private final String path;
        private final String summary;
        private List<Parameter<?>> parameters = List.of();
        private @Nullable Body body;
        private Result result = NOTHING;
        private final Set<Failure.Kind> failures = EnumSet.noneOf(Failure.Kind.class);
        private boolean hasDeadline = true;
        private boolean isListed = true;
        private boolean isPinned;

        private Draft(Method method, String path, String summary) {
            this.method = method;
            this.path = path;
            this.summary = summary;
        }

        public Draft with(Parameter<?>... more) {
            parameters = Stream.concat(parameters.stream(), Arrays.stream(more)).<Parameter<?>>map(each -> each)
                    .toList();
            return this;
        }

        /// The body is a JSON object of `type`.
        public Draft takes(Class<?> type) {
            body = new Body(Body.Form.VALUE, type, List.of(MediaType.JSON), 1);
            return this;
        }

        /// The body is a JSON object of `type`, or there is none.
        public Draft mayTake(Class<?> type) {
            body = new Body(Body.Form.VALUE, type, List.of(MediaType.JSON), 1, true);
            return this;
        }

        /// The body is a JSON object of `type`, or a bare array of at most `most` texts that `type` is read from as well. It
        /// may be as large as a list.
        public Draft takesOrTexts(Class<?> type, int most) {
            body = new Body(Body.Form.VALUE_OR_TEXTS, type, List.of(MediaType.JSON), most);
            return this;
        }

        /// The body is any JSON object, or none at all; the handler is given its tree. The fields of `type` mean something.
        public Draft mayTakeObject(Class<?> type) {
            body = new Body(Body.Form.OBJECT, type, List.of(MediaType.JSON), 1, true);
            return this;
        }

        /// The body is any JSON, or a text, or there is none; the handler is given a tree, of a text a string.
        public Draft mayTakeAnything() {
            body = new Body(Body.Form.ANY, Object.class, List.of(MediaType.JSON, MediaType.TEXT), 1, true);
            return this;
        }

        /// The body is a JSON object that changes those fields of a `type` that it names (RFC 7396); the handler is given
        /// its tree, because an absent field and a null one mean different things.
        public Draft takesPatch(Class<?> type) {
            body = new Body(Body.Form.PATCH, type, List.of(MediaType.MERGE_PATCH, MediaType.JSON), 1);
            return this;
        }

        /// The body is a JSON array of at most `most` elements of `type`.
        public Draft takesList(Class<?> type, int most) {
            body = new Body(Body.Form.LIST, type, List.of(MediaType.JSON), most);
            return this;
        }

        /// The body is a stream of one of these media types, which the handler reads.
        public Draft takesStream(String... mediaTypes) {
            body = new Body(Body.Form.STREAM, Void.class, List.of(mediaTypes), 0);
            return this;
        }

        /// The body is a form of parts (RFC 7578), which the handler reads as they arrive; the components of `type` say
        /// for the documentation which.
        public Draft takesForm(Class<?> type) {
            body = new Body(Body.Form.FORM, type, List.of(MediaType.FORM), 1);
            return this;
        }

        public Draft gives(Class<?> type) {
            return gives(Result.Meaning.OK, Result.Shape.VALUE, type);
        }

        public Draft givesList(Class<?> type) {
            return gives(Result.Meaning.OK, Result.Shape.LIST, type);
        }

        /// A page of `type`, with a cursor to the next.
        public Draft givesPage(Class<?> type) {
            return gives(Result.Meaning.OK, Result.Shape.PAGE, type);
        }

        /// The thing that was made; the reply says where it is.
        public Draft creates(Class<?> type) {
            return gives(Result.Meaning.CREATED, Result.Shape.VALUE, type);
        }

        /// What will be done later.
        public Draft accepts(Class<?> type) {
            return gives(Result.Meaning.ACCEPTED, Result.Shape.VALUE, type);
        }

        /// A [Reply.Content] of one of these media types: as a whole, or the range that the caller asks for.
        public Draft givesContent(String mediaType, String... others) {
            result = new Result(Result.Meaning.OK, Result.Shape.CONTENT, Void.class, mediaType, List.of(others));
            return fails(Failure.Kind.OUT_OF_RANGE);
        }

        public Draft givesStream(String mediaType, String... others) {
            result = new Result(Result.Meaning.OK, Result.Shape.STREAM, Void.class, mediaType, List.of(others));
            return this;
        }

        public Draft fails(Failure.Kind... kinds) {
            failures.addAll(List.of(kinds));
            return this;
        }

        /// No deadline in total, as for streams.
        public Draft withoutDeadline() {
            hasDeadline = false;
            return this;
        }

        /// The handler chooses the kind of its thread itself.
        public Draft pinned() {
            isPinned = true;
            return this;
        }

        /// Not in `/openapi.json`, for what OpenAPI has no good way to say.
        public Draft unlisted() {
            isListed = false;
            return this;
        }

        /// A route answered by `handler`; the draft must not be used any more.
        public Route handledBy(Handler handler) {
            return new Route(this, handler);
        }

        /// A route whose answer is a stream of server-sent events, which has no deadline. A failure that `handler`
        /// throws before it sends is answered as such, if that is within a second. If it sends nothing at all, the
        /// answer is 204, which tells browsers not to connect again.
        public Route events(EventHandler handler) {
            return givesEvents()
                    .handledBy(request -> Reply.events(events -> handler.handle(request, events)));
        }

        /// Server-sent events, as a [Reply#events] sends them: for a handler that must look before it promises any.
        public Draft givesEvents() {
            result = new Result(Result.Meaning.OK, Result.Shape.EVENTS, Void.class, MediaType.EVENTS, List.of());
            return with(Request.LAST_EVENT_ID).withoutDeadline();
        }

        private Draft gives(Result.Meaning meaning, Result.Shape shape, Class<?> type) {
            result = new Result(meaning, shape, type, MediaType.JSON, List.of());
            return this;
        }
    }
}
