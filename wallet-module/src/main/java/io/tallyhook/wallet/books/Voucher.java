package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One journal whole: its head, all its lines, what it did to lots, and what it is connected with.
 *
 * @param userId whose money it is about; absent if it can be read nowhere
 * @param debit sum of the debits, which is that of the credits too
 * @param chain this and all journals that it regards or that regard it, directly or by others, oldest first
 */
public record Voucher(
        Head head,
        Optional<UserId> userId,
        List<Line> lines,
        Money debit,
        Money credit,
        List<LotMove> lotMoves,
        List<Link> chain) {

    /**
     * What is said of the journal as a whole.
     *
     * @param requestKey under which it was booked once
     * @param reference what people know it by
     * @param eventAt when it happened
     * @param bookedAt when we booked it
     * @param acctDate the day of the books that it belongs to, in Beijing time
     * @param actor the person, or {@code system}
     * @param block number of the sealed block that it lies in; absent: not sealed yet
     */
    public record Head(
            long journalId,
            int shard,
            String kind,
            String requestKey,
            String reference,
            Instant eventAt,
            Instant bookedAt,
            LocalDate acctDate,
            String actor,
            Optional<String> memo,
            Optional<Long> block) {}

    /**
     * One line.
     *
     * @param accountName as the chart of accounts has it, in English
     * @param userId whose account it is; absent for the platform's
     * @param channel of a clearing account, such as {@code wechat/main}; else empty
     * @param amount signed: a debit is positive
     * @param seq number in the account's statement, and
     * @param balance the balance after it; both only for a user's account
     */
    public record Line(
            int line,
            String code,
            String accountName,
            Optional<UserId> userId,
            String channel,
            Money amount,
            Optional<Long> seq,
            Optional<Money> balance) {

        public boolean debit() {
            return amount.isPositive();
        }

        /** The amount without its sign. */
        public Money size() {
            return debit() ? amount : Money.fen(Math.negateExact(amount.minorUnits()));
        }
    }

    /**
     * A journal of the chain.
     *
     * @param depth 0 for the one that everything began with
     */
    public record Link(long journalId, String kind, String reference, Instant bookedAt, int depth) {}
}
