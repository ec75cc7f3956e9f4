package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import java.time.LocalDate;
import java.util.List;

/**
 * The turnover of all codes over some days of the books.
 *
 * @param from first day, in Beijing time
 * @param to last day
 * @param total over all codes: opening and closing are zero, and debit is credit
 */
public record TrialBalance(LocalDate from, LocalDate to, List<CodeLine> codes, Turnover total) {

    /**
     * One code of the chart of accounts.
     *
     * @param name as the chart has it, in English
     * @param keptPer {@code PLATFORM}, {@code CHANNEL} or {@code USER}
     */
    public record CodeLine(String code, String name, String keptPer, Turnover turnover) {

        public boolean ofUsers() {
            return keptPer.equals("USER");
        }
    }

    /**
     * What stood there before, what was moved, and what stands there after it. Opening and closing are signed: a debit
     * balance is positive.
     */
    public record Turnover(Money opening, Money debit, Money credit, Money closing) {

        /** Nothing at all. */
        public static final Turnover NOTHING = of(0, 0, 0);

        static Turnover of(long opening, long debit, long credit) {
            return new Turnover(
                    Money.fen(opening),
                    Money.fen(debit),
                    Money.fen(credit),
                    Money.fen(Math.subtractExact(Math.addExact(opening, debit), credit)));
        }

        Turnover plus(Turnover other) {
            return new Turnover(
                    opening.plus(other.opening),
                    debit.plus(other.debit),
                    credit.plus(other.credit),
                    closing.plus(other.closing));
        }

        /** Whether nothing was ever there. */
        public boolean empty() {
            return equals(NOTHING);
        }
    }
}
