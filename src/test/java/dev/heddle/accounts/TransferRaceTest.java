package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.heddle.TestApp;
import dev.heddle.bench.TransferLoad;
import dev.heddle.concurrent.Gather;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

@Timeout(900)
class TransferRaceTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int TRANSFERS = IS_FULL ? 200_000 : 5_000;
    private static final int CALLERS = 32;
    private static final int ACCOUNTS = 10;
    private static final int LOOKS = 300;
    private static final int LEAST_A_SECOND = 1_000;

    /// While money comes in, two looks see two different sums: what is listed and what it adds up to must be of one.
    @Test
    void aTotalAndWhatItListsAreOfOneMoment() throws Exception {
        try (TestApp app = Bank.start().app()) {
            long account = new Bank(app).open("Ada", "0");
            var isOver = new AtomicBoolean();
            Callable<Integer> depositor = () -> {
                for (int deposits = 0;; deposits++) {
                    if (isOver.get()) {
                        return deposits;
                    }
                    app.post("/batch-operation", "[{\"op\": \"deposit\", \"account\": %d, \"amount\": 1}]"
                            .formatted(account)).expect(200);
                }
            };
            Callable<Integer> looker = () -> {
                try {
                    for (int looks = 0; looks < LOOKS; looks++) {
                        JsonNode totals = app.get("/accounts/total").expect(200).json();
                        assertEquals(totals.get("total"), totals.at("/accounts/0/balance"));
                    }
                    return LOOKS;
                } finally {
                    isOver.set(true);
                }
            };

            assertTrue(Gather.all(List.of(depositor, looker)).getFirst() > 0);
        }
    }

    /// Little money on few accounts, so that many transfers meet and some are overdrafts.
    @Test
    void theTotalIsTheSameAtEveryMomentAndNobodyOwes() throws Exception {
        try (TestApp app = Bank.start().app()) {
            var load = new TransferLoad(app.address(), CALLERS, TRANSFERS, Duration.ofMillis(IS_FULL ? 20 : 1));
            List<Long> accounts = load.open(ACCOUNTS, "10.00");

            TransferLoad.Figures figures = load.run(accounts);

            System.out.println("Transfers over " + ACCOUNTS + " accounts: " + figures);
            assertEquals(TRANSFERS, figures.done() + figures.refused());
            assertTrue(figures.refused() > 0 && figures.looks() > 0, figures::toString);
            new Bank(app).assertBooksBalance();
            new Bank(app).assertNoDeadlock();
            assertEquals(List.of(String.valueOf(figures.done())),
                    Bank.query(app, "select count(*) from transactions where kind = 'transfer'"));
            assertTrue(!IS_FULL || figures.perSecond() >= LEAST_A_SECOND, figures::toString);
        }
    }
}
