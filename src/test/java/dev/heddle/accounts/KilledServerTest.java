package dev.heddle.accounts;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.heddle.ServerProcess;
import dev.heddle.bench.KeptAlive;
import dev.heddle.bench.TransferLoad;
import dev.heddle.concurrent.Gather;
import dev.heddle.postgres.LocalPostgres;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The server is killed in the midst of transfers, again and again; what its callers wrote down is held against what the
/// next server says.
class KilledServerTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int KILLS = IS_FULL ? 300 : 3;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final int CALLERS = 8;
    private static final int LEAST_ANSWERS = 50;
    private static final int MOST_ANSWERS = 150;
    private static final Map<String, String> SETTINGS = Map.of("HEDDLE_SERVER_PORT", "0", "HEDDLE_SERVER_GRACE",
            "500ms", "HEDDLE_DB_GATE_QUEUE", "30s", "HEDDLE_DB_CONNECT_TIMEOUT", "30s");

    @TempDir
    private static Path folder;

    /// Whatever the test left running: the next start on the folder takes it over.
    @AfterAll
    static void stopDatabase() {
        LocalPostgres.start(folder.resolve("data")).close();
    }

    @Test
    @Timeout(1_200)
    void whatWasAnsweredIsThereOnceAfterEachKill() throws Exception {
        long start = System.nanoTime();
        var journals = new ArrayList<Journal>();
        for (int kills = 0; kills < KILLS && System.nanoTime() - start < LONGEST.toNanos(); kills++) {
            try (ServerProcess server = ServerProcess.start(folder, SETTINGS)) {
                URI address = server.address();
                compareLast(journals, address);
                journals.add(transferUntilKilled(address, server, kills));
            }
        }
        try (ServerProcess server = ServerProcess.start(folder, SETTINGS)) {
            compareLast(journals, server.address());
            server.stop();
            server.exitCode();
        }
        System.out.println(journals.size() + " kills under " + journals.stream().mapToInt(Journal::size).sum()
                + " transfers: 0 lost, 0 doubled");
    }

    private static void compareLast(List<Journal> journals, URI address) throws IOException {
        if (!journals.isEmpty()) {
            try (KeptAlive caller = KeptAlive.connect(address)) {
                journals.getLast().compare(caller);
            }
        }
    }

    private static Journal transferUntilKilled(URI address, ServerProcess server, int round) throws Exception {
        List<Long> accounts = new TransferLoad(address, 1, 0, Duration.ofMillis(1)).open(10, "1000.00");
        var journal = new Journal(accounts);
        var answers = new CountDownLatch(ThreadLocalRandom.current().nextInt(LEAST_ANSWERS, MOST_ANSWERS));
        var team = new ArrayList<Callable<Boolean>>();
        IntStream.range(0, CALLERS).forEach(caller -> team.add(() -> {
            transfer(address, journal, answers, "round-" + round + "-" + caller + "-");
            return true;
        }));
        team.add(() -> {
            answers.await(1, TimeUnit.MINUTES);
            server.close();
            return true;
        });
        Gather.all(team);
        return journal;
    }

    /// Every second transfer has a key. Ends with the server.
    private static void transfer(URI address, Journal journal, CountDownLatch answers, String name) {
        try (KeptAlive caller = KeptAlive.connect(address)) {
            for (int i = 0;; i++) {
                transfer(caller, journal, i % 2 == 0 ? name + i : "");
                answers.countDown();
            }
        } catch (IOException _) {
            // The server was killed.
        }
    }

    private static void transfer(KeptAlive caller, Journal journal, String key) throws IOException {
        String body = randomTransfer(journal.accounts());
        String answer = "";
        try {
            answer = answer(caller.post("/transfer", Journal.header(key), body));
        } finally {
            journal.write(key, body, answer);
        }
    }

    private static String answer(KeptAlive.Answer answer) {
        if (answer.status() != 200) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.body();
    }

    private static String randomTransfer(List<Long> accounts) {
        var random = ThreadLocalRandom.current();
        int from = random.nextInt(accounts.size());
        int to = (from + 1 + random.nextInt(accounts.size() - 1)) % accounts.size();
        return Bank.transferBody(accounts.get(from), accounts.get(to),
                BigDecimal.valueOf(random.nextInt(1, 200), 2).toString());
    }
}
