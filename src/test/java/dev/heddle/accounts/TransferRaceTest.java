package dev.heddle.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;

import dev.heddle.TestApp;
import dev.heddle.bench.TransferLoad;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(900)
class TransferRaceTest {
    private static final boolean IS_FULL = Boolean.getBoolean("heddle.full");
    private static final int TRANSFERS = IS_FULL ? 200_000 : 5_000;
    private static final int CALLERS = 32;
    private static final int ACCOUNTS = 10;
    private static final int LEAST_A_SECOND = 1_000;

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
