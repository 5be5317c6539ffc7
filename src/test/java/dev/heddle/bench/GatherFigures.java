package dev.heddle.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs [GatherBench] from a virtual thread, as handlers call `Gather`, each measurement in a JVM of its own and the arms in
/// turn, so that what else the machine does meanwhile falls on all alike: `ROUNDS` (8) for ten forks, a quarter of them for
/// the other sizes.
///
/// On one carrier all work is done by one thread, so the time is that of the work. On all carriers it is up to luck which
/// of them takes the forks, and the times are spread far wider than what is compared. The processor time is the surer
/// figure on a machine that has something else to do.
public final class GatherFigures {
    private enum Arm {
        BARE("bare"), GATHER("gather"), BARE_WITH_TIMEOUT("bareWithTimeout"), GATHER_WITH_DEADLINE(
                "gatherWithDeadline");

        private final String method;

        Arm(String method) {
            this.method = method;
        }
    }

    /// The time that one call took, and the processor time.
    private record Micros(double elapsed, double cpu) {}

    private GatherFigures() {
    }

    static void main() throws RunnerException {
        int rounds = Integer.parseInt(System.getenv().getOrDefault("ROUNDS", "8"));
        System.out.println(
                """
                µs for one call, medians of rounds; ratios are medians of each round's.
                'bare' and 'gather' without a deadline; 't/o' a bare scope with a timeout, 'dl' Gather within a deadline""");
        System.out.printf("%-8s %5s %6s %-7s %8s %8s %11s   %8s %8s %6s %8s%n", "carriers", "forks", "rounds", "time",
                "bare", "gather", "gather/bare", "t/o", "dl", "dl/t/o", "dl/bare");
        print("one", 10, rounds);
        print("all", 10, rounds);
        for (int forks : new int[]{1, 100, 1_000}) {
            print("one", forks, Math.max(1, rounds / 4));
        }
    }

    private static void print(String carriers, int forks, int rounds) throws RunnerException {
        Map<Arm, List<Micros>> measured = new EnumMap<>(Arm.class);
        for (int round = 0; round < rounds; round++) {
            for (Arm arm : Arm.values()) {
                measured.computeIfAbsent(arm, _ -> new ArrayList<>()).add(measure(arm, carriers, forks));
            }
        }
        String head = String.format("%-8s %5d %6d", carriers, forks, rounds);
        System.out.println(head + " elapsed" + line(measured, Micros::elapsed));
        System.out.println(head + " cpu    " + line(measured, Micros::cpu));
    }

    private static String line(Map<Arm, List<Micros>> measured, ToDoubleFunction<Micros> figure) {
        Map<Arm, double[]> of = new EnumMap<>(Arm.class);
        measured.forEach((arm, all) -> of.put(arm, all.stream().mapToDouble(figure).toArray()));
        double[] bare = of.get(Arm.BARE);
        double[] gather = of.get(Arm.GATHER);
        double[] timeout = of.get(Arm.BARE_WITH_TIMEOUT);
        double[] deadline = of.get(Arm.GATHER_WITH_DEADLINE);
        return String.format(Locale.ROOT, " %8.2f %8.2f %11.2f   %8.2f %8.2f %6.2f %8.2f", median(bare), median(gather),
                ratio(gather, bare), median(timeout), median(deadline), ratio(deadline, timeout),
                ratio(deadline, bare));
    }

    private static Micros measure(Arm arm, String carriers, int forks) throws RunnerException {
        var jvm = new ArrayList<>(List.of("--sun-misc-unsafe-memory-access=allow", "-Djmh.executor=VIRTUAL"));
        if (carriers.equals("one")) {
            jvm.add("-Djdk.virtualThreadScheduler.parallelism=1");
            jvm.add("-Djdk.virtualThreadScheduler.maxPoolSize=1");
        }
        RunResult result = new Runner(new OptionsBuilder()
                .include(GatherBench.class.getName() + "[.]" + arm.method + "$").param("forks", String.valueOf(forks))
                .forks(1).jvmArgsAppend(jvm.toArray(String[]::new)).addProfiler(CpuTime.class)
                .verbosity(VerboseMode.SILENT).build()).runSingle();
        return new Micros(result.getPrimaryResult().getStatistics().getPercentile(50),
                result.getSecondaryResults().get(CpuTime.LABEL).getScore());
    }

    /// Of rounds, in which one was measured right after the other.
    private static double ratio(double[] these, double[] those) {
        double[] ratios = new double[these.length];
        Arrays.setAll(ratios, round -> these[round] / those[round]);
        return median(ratios);
    }

    private static double median(double[] figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
