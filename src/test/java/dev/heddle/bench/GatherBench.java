package dev.heddle.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.StructuredTaskScope;
import java.util.concurrent.StructuredTaskScope.Joiner;
import java.util.concurrent.StructuredTaskScope.Subtask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.heddle.concurrent.Deadline;
import dev.heddle.concurrent.Gather;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What [Gather] costs over the scope that it stands on: calls that do nothing are made at once and their results collected,
/// by `Gather.all` and by a bare `StructuredTaskScope` that joins in the same way; the latter also with a timeout, as
/// `Gather` has where there is a [Deadline].
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 150, timeUnit = TimeUnit.MILLISECONDS)
public class GatherBench {
    private static final Duration AS_A_REQUEST = Duration.ofSeconds(30);

    @Param({"1", "10", "100", "1000"})
    private int forks;
    private List<Callable<Integer>> calls = List.of();

    @Setup
    public void make() {
        calls = IntStream.range(0, forks).mapToObj(n -> (Callable<Integer>) () -> n).toList();
    }

    @Benchmark
    public List<Integer> bare() throws InterruptedException {
        try (var scope = StructuredTaskScope.open(Joiner.<Integer>allSuccessfulOrThrow())) {
            calls.forEach(scope::fork);
            return scope.join().map(Subtask::get).toList();
        }
    }

    @Benchmark
    public List<Integer> gather() throws InterruptedException {
        return Gather.all(calls);
    }

    @Benchmark
    public List<Integer> bareWithTimeout() throws InterruptedException {
        return Deadline.in(AS_A_REQUEST).call(this::untilTimeout);
    }

    private List<Integer> untilTimeout() throws InterruptedException {
        Duration left = Deadline.current().timeLeft();
        try (var scope = StructuredTaskScope.open(Joiner.<Integer>allSuccessfulOrThrow(),
                plain -> plain.withTimeout(left))) {
            calls.forEach(scope::fork);
            return scope.join().map(Subtask::get).toList();
        }
    }

    @Benchmark
    public List<Integer> gatherWithDeadline() throws InterruptedException {
        return Deadline.in(AS_A_REQUEST).call(() -> Gather.all(calls));
    }
}
