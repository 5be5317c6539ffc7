package dev.heddle.upstream;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

import dev.heddle.calls.CallFailed;
import dev.heddle.calls.CallFailed.Reason;
import dev.heddle.calls.Caller;
import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.DeadlinePassed;
import dev.heddle.gates.Gate;
import dev.heddle.gates.Unavailable;
import dev.heddle.json.Json;
import dev.heddle.traces.CallSpan;
import dev.heddle.web.Failure;

import tools.jackson.databind.node.ObjectNode;

/// One API of other people's, behind a gate, a clock, a circuit and a budget of retries.
///
/// A call waits for its turn at the [Gate], asks, and asks again, at most twice, if the upstream could not be reached, broke
/// off or was overloaded, and if the [RetryBudget] allows. All of that ends with the [Deadline], or after the upstream's
/// own timeout if that is sooner. The [Circuit] turns calls away while most of them fail. Thread-safe.
public final class Upstream implements AutoCloseable {
    private static final int MOST_ATTEMPTS = 3;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);

    private final String name;
    private final Duration timeout;
    private final Gate gate;
    private final Circuit circuit;
    private final RetryBudget budget = new RetryBudget();
    private final LongAdder retries = new LongAdder();
    private final URI address;
    private final Caller caller;

    private Upstream(String name, UpstreamSettings settings, InstantSource clock) {
        this.name = name;
        this.timeout = settings.timeout();
        this.gate = new Gate(name, settings.inFlight(), settings.longestQueue());
        this.circuit = new Circuit(name, clock);
        this.address = settings.address();
        this.caller = new Caller(address, settings.mostBytes(), settings.keptAlive());
    }

    /// An upstream that callers are told of as `name`. Connects only when it is asked something.
    static Upstream open(String name, UpstreamSettings settings) {
        return open(name, settings, InstantSource.system());
    }

    static Upstream open(String name, UpstreamSettings settings, InstantSource clock) {
        return new Upstream(name, settings, clock);
    }

    public String name() {
        return name;
    }

    /// The JSON object at the path that `segments` make below the base address; empty if the upstream says 404. Segments
    /// are escaped, so none leads elsewhere.
    ///
    /// @throws Failure                  if the upstream cannot be reached, breaks off, answers another status than 200 or
    ///                                  404, too much, or no JSON object; or if it does not answer within its timeout
    /// @throws Unavailable              if its circuit is open, too many wait for it, or it asks for fewer calls
    /// @throws DeadlinePassed           if the current [Deadline] passes first
    /// @throws IllegalArgumentException if a segment is empty, `.` or `..`
    public Optional<ObjectNode> get(String... segments) throws InterruptedException {
        var call = new Call(path(segments), Deadline.current().timeLeft().compareTo(timeout) < 0);
        budget.feed();
        circuit.check();
        return Deadline.in(timeout).call(() -> {
            try (var _ = gate.enter()) {
                return call.repeat();
            }
        });
    }

    /// How it stands now.
    public UpstreamStats stats() {
        return new UpstreamStats(gate.inside(), gate.waiting(), gate.refused(), circuit.isOpen(), retries.sum(),
                caller.kept());
    }

    /// Closes the connections that are kept; calls under way go on.
    @Override
    public void close() {
        caller.close();
    }

    private static String path(String... segments) {
        return Arrays.stream(segments).map(Upstream::escaped).collect(Collectors.joining("/", "/", ""));
    }

    private static String escaped(String segment) {
        if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
            throw new IllegalArgumentException("path segment '" + segment + "'");
        }
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// One question, asked once or a few times. If it `isHurried`, then its caller's deadline is sooner than the timeout,
    /// and that it passes is no fault of the upstream.
    private final class Call {
        private final String path;
        private final boolean isHurried;

        private Call(String path, boolean isHurried) {
            this.path = path;
            this.isHurried = isHurried;
        }

        Optional<ObjectNode> repeat() throws InterruptedException {
            for (int attempt = 1;; attempt++) {
                try {
                    return attempt(attempt);
                } catch (CallFailed failed) {
                    Duration pause = pause(attempt);
                    if (attempt == MOST_ATTEMPTS || !failed.isWorthRepeating() || !isTimeFor(pause) || !budget.take()) {
                        throw told(failed);
                    }
                    retries.increment();
                    Thread.sleep(pause);
                }
            }
        }

        private Optional<ObjectNode> attempt(int number) throws InterruptedException {
            try (Circuit.Pass pass = circuit.admit()) {
                try {
                    Optional<ObjectNode> answer = ask(number);
                    pass.worked();
                    return answer;
                } catch (CallFailed failed) {
                    pass.failed();
                    throw failed;
                } catch (DeadlinePassed passed) {
                    if (isHurried) {
                        throw passed;
                    }
                    pass.failed();
                    throw new CallFailed(Reason.SLOW, "did not answer within " + timeout.toMillis() + " ms", passed);
                }
            }
        }

        private Optional<ObjectNode> ask(int number) throws InterruptedException {
            return CallSpan.around(new CallSpan.To(name, address, path, number), span -> {
                Caller.Answer answer = caller.get(path, span.headers());
                span.answered(answer.status());
                return read(answer);
            });
        }
    }

    /// Full jitter, so that those who failed together do not come back together.
    private static Duration pause(int attempt) {
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE.toNanos() << attempt - 1));
    }

    private static boolean isTimeFor(Duration pause) {
        return Deadline.current().timeLeft().compareTo(pause) > 0;
    }

    private static Optional<ObjectNode> read(Caller.Answer answer) {
        return switch (answer.status()) {
            case 200 -> Optional.of(object(answer.body()));
            case 404 -> Optional.empty();
            case 429 -> throw CallFailed.tooOften(answer.retryAfter());
            case 502, 503, 504 -> throw new CallFailed(Reason.OVERLOADED, "answers " + answer.status());
            default -> throw new CallFailed(Reason.GARBAGE, "answers " + answer.status());
        };
    }

    private static ObjectNode object(byte[] body) {
        try {
            return Json.bindTree(body);
        } catch (Failure failure) {
            throw new CallFailed(Reason.GARBAGE, "answers what is no JSON object", failure);
        }
    }

    private RuntimeException told(CallFailed failed) {
        String sentence = name + " " + failed.getMessage();
        return switch (failed.reason()) {
            case TOO_OFTEN -> new Unavailable(sentence, failed.retryAfter(), failed);
            case SLOW -> Failure.of(Failure.Kind.UPSTREAM_SLOW, sentence, failed);
            case UNREACHABLE, CUT, OVERLOADED, GARBAGE -> Failure.of(Failure.Kind.UPSTREAM_BROKEN, sentence, failed);
        };
    }
}
