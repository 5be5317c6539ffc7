package dev.heddle.server;

import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

import dev.heddle.concurrent.Deadline;
import dev.heddle.web.Failure;
import dev.heddle.web.FieldError;
import dev.heddle.web.Parameter;
import dev.heddle.web.Request;
import dev.heddle.web.Route;
import dev.heddle.wire.BodyStream;
import dev.heddle.wire.BrokenRequest;
import dev.heddle.wire.Framing;
import dev.heddle.wire.Target;

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
            "TRACE",
            "CONNECT");
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final int MOST_DRAINED_BYTES = 32 * 1024 * 1024;

    /// How long the caller is ready to wait, in milliseconds.
    static final Parameter<Optional<Long>> TIMEOUT = Parameter.optionalHeader("X-Timeout-Ms",
            Parameter.from(1, 120_000),
            "Milliseconds after which the caller no longer waits for the answer.");

    /// What all exchanges of a server share.
    record Shared(RouteTable table, RequestReader reader, ServerSettings settings, ExchangeListener listener,
            Admission admission) {}

    private final Shared shared;
    private final ServerRequest request;
    private final AnswerWriter writer;
    private final ServerResponse response;
    private final BodyStream content;
    private final long startNanos = System.nanoTime();
    private final String id;
    private String routeName = "unknown";
    private boolean isClosing;

    Exchange(Shared shared, ServerRequest request, ServerResponse response) {
        this.shared = shared;
        this.request = request;
        this.response = response;
        this.content = new BodyStream(request.content().inputStream());
        this.id = request.headers().first(AnswerWriter.REQUEST_ID).filter(given -> REQUEST_ID.matcher(given).matches())
                .orElseGet(() -> Long.toHexString(ThreadLocalRandom.current().nextLong()));
        this.writer = new AnswerWriter(request, response, id, startNanos);
    }

    /// Answers the request, whatever happens.
    ///
    /// @throws CloseConnectionException if the connection must not be used again
    void run() {
        shared.listener.started();
        try {
            answer();
        } catch (Exception e) {
            fail(e);
        } finally {
            note(Duration.ofNanos(System.nanoTime() - startNanos));
        }
        if (isClosing) {
            throw new CloseConnectionException("closed after the answer");
        }
    }

    private void answer() throws Exception {
        isClosing = asksToClose();
        Framing.check(request.headers());
        String method = request.prologue().method().text();
        if (!METHODS.contains(method)) {
            refuse(Problem.of(Status.NOT_IMPLEMENTED_501, "the method is not known here"));
        } else if (Framing.hasUnknownExpectation(request.headers())) {
            refuse(Problem.of(Status.EXPECTATION_FAILED_417, "the only expectation is 100-continue"));
        } else {
            follow(method, Target.segments(request.path().rawPath()));
        }
    }

    private void follow(String method, List<String> segments) throws Exception {
        RouteTable.Match match = shared.table.find(method, segments);
        if (match instanceof RouteTable.Match.Found found) {
            routeName = found.route().path();
        }
        shared.admission.admit(() -> RequestReader.peer(request), routeName).forEach(writer::tell);
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

    private void call(Route route, List<String> segments) throws Exception {
        Optional<Deadline> deadline = deadline(route);
        if (deadline.isEmpty()) {
            serve(route, segments);
        } else {
            deadline.get().call(() -> {
                serve(route, segments);
                return null;
            });
        }
    }

    private void serve(Route route, List<String> segments) throws Exception {
        Request read = shared.reader.read(route, segments, request, content);
        Object returned = route.handler().handle(read);
        settleBody();
        writer.write(route.result(), returned);
    }

    /// The server's, or the caller's if that is sooner; none where the route has none and the caller sets none.
    private Optional<Deadline> deadline(Route route) {
        var errors = new ArrayList<FieldError>(0);
        Optional<Long> millis = TIMEOUT.read(request.headers().first(AnswerWriter.TIMEOUT).orElse(null), errors);
        if (!errors.isEmpty()) {
            throw Failure.invalid(errors);
        }
        Optional<Duration> given = millis.map(Duration::ofMillis);
        if (!route.hasDeadline()) {
            return given.map(Deadline::in);
        }
        Duration ours = shared.settings.deadline();
        return Optional.of(Deadline.in(given.filter(time -> time.compareTo(ours) < 0).orElse(ours)));
    }

    private void fail(Exception e) {
        if (e instanceof CloseConnectionException || e instanceof ServerConnectionException || writer.isUnderway()) {
            LOG.log(Level.DEBUG, () -> "event=answer_cut request_id=" + id + " cause=" + e);
            throw new CloseConnectionException("the answer cannot be finished", e);
        }
        try {
            refuse(problem(e));
        } catch (UncheckedIOException gone) {
            throw new CloseConnectionException("the caller is gone", gone);
        }
    }

    private Problem problem(Exception e) {
        if (e instanceof BrokenRequest broken) {
            isClosing = true;
            return Problem.of(Status.BAD_REQUEST_400, broken.getMessage());
        }
        return Problem.of(e).orElseGet(() -> {
            LOG.log(Level.ERROR, "event=bug request_id=" + id + " route=" + routeName, e);
            return Problem.bug();
        });
    }

    private void refuse(Problem problem) {
        settleBody();
        writer.write(problem);
    }

    /// Before an answer, what is left of the body is read and thrown away, so that the caller has sent it all when the
    /// answer comes and the next request begins where this one ended; where that would be too much, the connection ends.
    private void settleBody() {
        if (!isClosing && request.content().hasEntity() && !request.content().consumed()) {
            boolean isAwaitingContinue = request.headers().contains(HeaderNames.EXPECT);
            try {
                isClosing = isAwaitingContinue || !content.drain(MOST_DRAINED_BYTES);
            } catch (BrokenRequest _) {
                isClosing = true;
            }
        }
        if (isClosing) {
            writer.close();
        }
    }

    /// Helidon 4.1.7 answers `Connection: close` with the same header, and then goes on reading.
    private boolean asksToClose() {
        return request.headers().first(HeaderNames.CONNECTION)
                .filter(value -> value.toLowerCase(Locale.ROOT).contains("close")).isPresent();
    }

    private void note(Duration took) {
        int status = response.status().code();
        String method = request.prologue().method().text();
        shared.listener.answered(METHODS.contains(method) ? method : "other", routeName, status, took);
        if (took.compareTo(shared.settings.slowRequest()) > 0) {
            LOG.log(Level.WARNING,
                    () -> "event=slow_request request_id=" + id + " method=" + method + " route=" + routeName
                            + " status=" + status + " seconds=" + took.toMillis() / 1_000.0);
        }
    }
}
