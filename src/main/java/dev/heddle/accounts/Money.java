package dev.heddle.accounts;

import java.math.BigDecimal;

/// Amounts: whole minor units inside, decimals with two digits outside. There is no binary fraction on the way.
final class Money {
    private static final int DECIMALS = 2;

    private Money() {
    }

    /// The minor units of a decimal that the constraints of a body let pass.
    ///
    /// @throws ArithmeticException if it has more than two decimals, or is too large for a `long`
    static long minorUnits(BigDecimal amount) {
        return amount.movePointRight(DECIMALS).longValueExact();
    }

    /// 6000 is `60.00`.
    static String text(long minorUnits) {
        return text(BigDecimal.valueOf(minorUnits));
    }

    /// As [#text(long)], for a sum that may be more than a `long` holds.
    static String text(BigDecimal minorUnits) {
        return minorUnits.movePointLeft(DECIMALS).setScale(DECIMALS).toPlainString();
    }
}
