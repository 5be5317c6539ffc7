package dev.heddle.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.heddle.answers.AnswerWriter;
import dev.heddle.answers.Mark;
import dev.heddle.answers.Problem;
import dev.heddle.answers.Terms;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.origins.Cors;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Request;
import dev.heddle.web.Route;
import dev.heddle.web.Route.Result.Shape;
import dev.heddle.wire.BodyStream;
import dev.heddle.wire.BrokenRequest;
import dev.heddle.wire.Framing;
import dev.heddle.wire.Target;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// One request and its answer, from the headers read to the last byte written. Used by one thread.
final class Exchange {
    private static final Logger LOG = System.getLogger(Exchange.class.getName());
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
            "TRACE", "CONNECT");
    private static final HeaderName REQUEST_METHOD = HeaderNames.create("Access-Control-Request-Method");
    private static final int MOST_DRAINED_BYTES = 32 * 1024 * 1024;

    /// What all exchanges of a server share.
    record Shared(RouteTable table, RequestReader reader, ServerSettings settings, Terms terms,
            ExchangeListener listener, Admission admission, Cors cors) {}

    private final Shared shared;
    private final ServerRequest request;
    private final ServerResponse response;
    private final AnswerWriter writer;
    private final BodyStream content;
    private final Mark mark;
    private final String method;
    private String routeName = ExchangeListener.UNKNOWN_ROUTE;
    private boolean isClosing;
    private boolean isOfEvents;
    // What is counted for a request that got no answer: by an Error, unless it is known that the caller left.
    private int statusOfNoAnswer = 500;

    Exchange(Shared shared, ServerRequest request, ServerResponse response) {
        this.shared = shared;
        this.request = request;
        this.response = response;
        this.content = new BodyStream(() -> request.content().inputStream(), shared.terms.patience());
        this.mark = Mark.of(request.headers());
        String text = request.prologue().method().text();
        this.method = METHODS.contains(text) ? text : ExchangeListener.OTHER_METHOD;
        this.writer = new AnswerWriter(request, response, mark, shared.terms);
    }

    /// Answers the request, whatever happens.
    ///
    /// @throws CloseConnectionException if the connection must not be used again
    void run() {
        shared.listener.around(RequestReader.asked(request, mark.requestId(), method), this::exchange);
        if (isClosing) {
            throw new CloseConnectionException("closed after the answer");
        }
    }

    private void exchange() {
        shared.listener.started();
        try {
            answer();
        } catch (Exception e) {
            fail(e);
        } finally {
            note(Duration.ofNanos(mark.nanos()));
        }
    }

    private void answer() throws Exception {
        isClosing = asksToClose();
        shared.cors.headers(RequestReader.origin(request)).forEach(writer::tell);
        Framing.check(request.headers());
        if (method.equals(ExchangeListener.OTHER_METHOD)) {
            refuse(Problem.of(Status.NOT_IMPLEMENTED_501, "the method is not known here"));
        } else if (Framing.hasUnknownExpectation(request.headers())) {
            refuse(Problem.of(Status.EXPECTATION_FAILED_417, "the only expectation is 100-continue"));
        } else {
            follow(Target.segments(request.path().rawPath()));
        }
    }

    private void follow(List<String> segments) throws Exception {
        RouteTable.Match match = shared.table.find(method, segments);
        if (match instanceof RouteTable.Match.Found found) {
            routeName = found.route().path();
        }
        shared.admission.admit(() -> RequestReader.peer(request), routeName).forEach(writer::tell);
        Optional<Map<String, String>> preflight = preflight(method);
        if (preflight.isPresent()) {
            settleBody();
            preflight.get().forEach(writer::tell);
            writer.writeNothing();
            return;
        }
        switch (match) {
            case RouteTable.Match.Found(Route route, List<String> values) -> call(route, values);
            case RouteTable.Match.UnknownPath() -> throw Failure.notFound("there is nothing at this path");
            case RouteTable.Match.WrongMethod(Set<String> allowed) when method.equals("OPTIONS") -> {
                settleBody();
                writer.writeAllowed(allowed);
            }
            case RouteTable.Match.WrongMethod(Set<String> allowed) -> {
                writer.allow(allowed);
                refuse(Problem.of(Status.METHOD_NOT_ALLOWED_405, "this path does not know the method " + method));
            }
        }
    }

    /// Whatever the path, so that the page is told by the answer itself that there is nothing.
    private Optional<Map<String, String>> preflight(String method) {
        return method.equals("OPTIONS") && request.headers().contains(REQUEST_METHOD)
                ? shared.cors.preflight(RequestReader.origin(request))
                : Optional.empty();
    }

    private void call(Route route, List<String> segments) throws Exception {
        var errors = new ArrayList<FieldError>(0);
        Optional<Deadline> deadline = shared.reader.deadline(route, request, errors);
        if (deadline.isEmpty()) {
            serve(route, segments, errors);
        } else {
            shared.listener.bounded(deadline.get());
            deadline.get().call(() -> {
                serve(route, segments, errors);
                return null;
            });
        }
    }

    private void serve(Route route, List<String> segments, List<FieldError> errors) throws Exception {
        Request read = shared.reader.read(route, segments, new RequestReader.Source(request, content), errors);
        Object returned = route.handler().handle(read);
        isOfEvents = route.result().shape() == Shape.EVENTS;
        // Whoever waits for the caller to leave reads what the caller sends, and throws it away.
        isClosing |= isOfEvents;
        settleBody();
        writer.write(route.result(), returned);
    }

    private void fail(Exception e) {
        if (e instanceof CloseConnectionException || e instanceof ServerConnectionException || writer.isUnderway()) {
            cut(e);
        }
        try {
            refuse(problem(e));
        } catch (IOException | UncheckedIOException | ServerConnectionException gone) {
            cut(gone);
        }
    }

    private void cut(Exception cause) {
        statusOfNoAnswer = ExchangeListener.CALLER_LEFT;
        LOG.log(Level.DEBUG, () -> "event=answer_cut request_id=" + mark.requestId() + " cause=" + cause);
        throw new CloseConnectionException("the answer cannot be finished", cause);
    }

    private Problem problem(Exception e) {
        if (e instanceof BrokenRequest broken) {
            isClosing = true;
            return Problem.of(Status.BAD_REQUEST_400, broken.getMessage());
        }
        // Nobody waits any longer for what is left of a body.
        isClosing |= e instanceof DeadlinePassed && isBodyLeft();
        return Problem.of(e).orElseGet(() -> {
            LOG.log(Level.ERROR, "event=bug request_id=" + mark.requestId() + " route=" + routeName, e);
            return Problem.bug();
        });
    }

    private void refuse(Problem problem) throws IOException {
        settleBody();
        writer.write(problem);
    }

    /// Before an answer, what is left of the body is read and thrown away, so that the caller has sent it all when the
    /// answer comes and the next request begins where this one ended; where that would be too much, the connection ends.
    private void settleBody() {
        // Helidon 4.1.7 wakes, when it stops, only connections that wait for a request at that moment.
        isClosing |= shared.terms.isStopping();
        if (!isClosing && isBodyLeft()) {
            boolean isAwaitingContinue = request.headers().contains(HeaderNames.EXPECT);
            try {
                isClosing = isAwaitingContinue
                        || !content.drain(MOST_DRAINED_BYTES, Deadline.in(shared.terms.patience().stall()));
            } catch (BrokenRequest | DeadlinePassed _) {
                isClosing = true;
            }
        }
        if (isClosing) {
            writer.close();
        }
    }

    private boolean isBodyLeft() {
        return request.content().hasEntity() && !request.content().consumed();
    }

    /// Helidon 4.1.7 answers `Connection: close` with the same header, and then goes on reading.
    private boolean asksToClose() {
        return request.headers().contains(HeaderNames.CONNECTION)
                && request.headers().get(HeaderNames.CONNECTION).values().toLowerCase(Locale.ROOT).contains("close");
    }

    private void note(Duration took) {
        int status = writer.isUnderway() ? response.status().code() : statusOfNoAnswer;
        shared.listener.answered(method, routeName, status, took);
        if (!isOfEvents && took.compareTo(shared.settings.slowRequest()) > 0) {
            LOG.log(Level.WARNING,
                    () -> "event=slow_request request_id=" + mark.requestId() + " method=" + method + " route="
                            + routeName
                            + " status=" + status + " seconds=" + took.toMillis() / 1_000.0);
        }
    }
}
