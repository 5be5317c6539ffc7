package dev.heddle.bench;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.heddle.concurrent.Gather;

import tools.jackson.databind.JsonNode;

/// Callers who transfer at random between accounts, each on a connection of its own, while somebody looks again and again
/// whether the sum of all balances is what it was and none is negative.
///
/// An overdraft is a good answer; any other that is not 200 ends the run.
public record TransferLoad(URI address, int callers, int transfers, Duration betweenLooks) {
    private static final int MOST_IN_BATCH = 1_000;
    private static final int MOST_CENTS = 500;

    /// What came of it: transfers done and refused, how long all took and how long each, and how often was looked.
    public record Figures(long done, long refused, double seconds, long[] nanos, long looks) {
        public double perSecond() {
            return (done + refused) / seconds;
        }

        double millis(double share) {
            return nanos[(int) Math.min(nanos.length - 1, Math.floor(nanos.length * share))] / 1e6;
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT,
                    "%.0f/s (%d transfers, %d overdrafts, %.1f s, p50 %.1f ms, p99 %.1f ms), %d totals read, all equal",
                    perSecond(), done, refused, seconds, millis(0.5), millis(0.99), looks);
        }
    }

    /// Opens accounts with so much in each.
    public List<Long> open(int accounts, String balance) throws IOException {
        var opened = new ArrayList<Long>();
        try (KeptAlive caller = KeptAlive.connect(address)) {
            while (opened.size() < accounts) {
                String batch = IntStream.range(opened.size(), Math.min(accounts, opened.size() + MOST_IN_BATCH))
                        .mapToObj(i -> "{\"op\":\"create_account\",\"owner\":\"owner %d\",\"balance\":\"%s\"}"
                                .formatted(i, balance))
                        .collect(Collectors.joining(",", "[", "]"));
                KeptAlive.Answer answer = expect(200, caller.post("/batch-operation", "", batch));
                answer.json().get("results").forEach(result -> opened.add(result.get("account").asLong()));
            }
        }
        return opened;
    }

    /// Does all transfers.
    ///
    /// @throws IllegalStateException if an answer is neither 200 nor an overdraft, or a total is not what it was
    public Figures run(List<Long> accounts) throws Exception {
        var left = new AtomicInteger(transfers);
        var working = new CountDownLatch(callers);
        BigDecimal before = total();
        long start = System.nanoTime();
        Callable<long[]> caller = () -> {
            try {
                return transfer(accounts, left);
            } finally {
                working.countDown();
            }
        };
        var team = new ArrayList<Callable<long[]>>(Collections.nCopies(callers, caller));
        team.add(() -> new long[]{look(before, working)});
        List<long[]> results = Gather.all(team);
        double seconds = (System.nanoTime() - start) / 1e9;
        long[] nanos = results.subList(0, callers).stream().flatMapToLong(LongStream::of).toArray();
        long refused = Arrays.stream(nanos).filter(each -> each < 0).count();
        check(before);
        long[] sorted = Arrays.stream(nanos).map(Math::abs).sorted().toArray();
        return new Figures(nanos.length - refused, refused, seconds, sorted, results.getLast()[0]);
    }

    /// How long each took; negative for overdrafts.
    private long[] transfer(List<Long> accounts, AtomicInteger left) throws IOException {
        var random = ThreadLocalRandom.current();
        var nanos = LongStream.builder();
        try (KeptAlive caller = KeptAlive.connect(address)) {
            while (left.getAndDecrement() > 0) {
                int from = random.nextInt(accounts.size());
                int to = (from + 1 + random.nextInt(accounts.size() - 1)) % accounts.size();
                int cents = 1 + random.nextInt(MOST_CENTS);
                String body = "{\"from_account\":" + accounts.get(from) + ",\"to_account\":" + accounts.get(to)
                        + ",\"amount\":" + BigDecimal.valueOf(cents, 2) + "}";
                long start = System.nanoTime();
                KeptAlive.Answer answer = caller.post("/transfer", "", body);
                long took = System.nanoTime() - start;
                boolean isOverdraft = answer.status() == 400 && answer.body().contains("\"insufficient balance\"");
                nanos.add(isOverdraft ? -took : took);
                expect(isOverdraft ? 400 : 200, answer);
            }
        }
        return nanos.build().toArray();
    }

    private long look(BigDecimal before, CountDownLatch working) throws IOException, InterruptedException {
        long looks = 0;
        do {
            check(before);
            looks++;
        } while (!working.await(betweenLooks.toNanos(), TimeUnit.NANOSECONDS));
        return looks;
    }

    private void check(BigDecimal before) throws IOException {
        BigDecimal now = total();
        if (!now.equals(before)) {
            throw new IllegalStateException("the total was " + before + " and is " + now);
        }
    }

    /// The total, if it is the sum of what is listed and nothing listed is negative.
    private BigDecimal total() throws IOException {
        try (KeptAlive caller = KeptAlive.connect(address)) {
            JsonNode totals = expect(200, caller.get("/accounts/total")).json();
            BigDecimal sum = BigDecimal.ZERO;
            for (JsonNode account : totals.get("accounts")) {
                var balance = new BigDecimal(account.get("balance").asString());
                if (balance.signum() < 0) {
                    throw new IllegalStateException("negative: " + account);
                }
                sum = sum.add(balance);
            }
            var total = new BigDecimal(totals.get("total").asString());
            if (!totals.get("has_more").asBoolean() && sum.compareTo(total) != 0) {
                throw new IllegalStateException("the total says " + total + " and lists " + sum);
            }
            return total;
        }
    }

    private static KeptAlive.Answer expect(int status, KeptAlive.Answer answer) {
        if (answer.status() != status) {
            throw new IllegalStateException("not " + status + " but " + answer);
        }
        return answer;
    }
}
