package dev.heddle.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.heddle.ServerProcess;

/// Measures transfers over few hot accounts and over many cool ones: the real server in a process of its own, with its
/// own PostgreSQL (fsync on), both beside the callers. Sizes come from the environment: `TRANSFERS` (200,000) of
/// `CALLERS` (32) over `HOT` (10) and then over `COOL` (1,000) accounts; `WARMUP` (20,000) before each does not count.
public final class Transfers {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    // Where the machine is busy with something else, callers wait in line rather than being turned away.
    private static final Map<String, String> PATIENT = Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_SERVER_GRACE", "500ms",
            "HEDDLE_DB_GATE_QUEUE", "30s", "HEDDLE_DB_CONNECT_TIMEOUT", "30s");

    private Transfers() {
    }

    static void main() throws Exception {
        Path folder = Files.createTempDirectory("heddle-transfers");
        try (ServerProcess server = ServerProcess.start(folder, PATIENT)) {
            try {
                var address = server.address();
                int callers = number("CALLERS", 32);
                var load = new TransferLoad(address, callers, number("TRANSFERS", 200_000), BETWEEN_LOOKS);
                var warmup = new TransferLoad(address, callers, number("WARMUP", 20_000), BETWEEN_LOOKS);
                measure("hot", load, warmup, load.open(number("HOT", 10), "1000.00"));
                measure("cool", load, warmup, load.open(number("COOL", 1_000), "1000.00"));
            } finally {
                server.stop();
                server.exitCode();
            }
        } finally {
            delete(folder);
        }
        System.exit(0);
    }

    private static void measure(String name, TransferLoad load, TransferLoad warmup, List<Long> accounts)
            throws Exception {
        warmup.run(accounts);
        System.out.printf("%-5s %5d accounts, %d callers: %s%n", name, accounts.size(), load.callers(),
                load.run(accounts));
    }

    private static int number(String name, int fallback) {
        return Integer.parseInt(System.getenv().getOrDefault(name, String.valueOf(fallback)));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        }
    }
}
