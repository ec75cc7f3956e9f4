package io.tallyhook.benchmarks;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.ledger.Credit;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Has recharges credited as fulfilment does, a batch to a transaction. Each has a bonus that expires, which makes it four
 * lines, two balances and a lot; all are collected by one account at one provider.
 */
record Recharging(Books books, Acknowledged acknowledged, Clock clock, Users users, int batch) implements Client {

    private static final int PRINCIPAL = 10_000;
    private static final int BONUS = 1_000;

    @Override
    public int work() {
        return credit(users.next(batch));
    }

    /** Credits one recharge to each of these. */
    int credit(List<UserId> recharged) {
        var credits = recharged.stream().map(this::credit).toList();
        var booked = books.inTransaction(() -> books.ledger().credit(credits));
        booked.forEach(each -> acknowledged.add("RECHARGE", each.requestKey(), each.journalId()));
        return booked.size();
    }

    private Credit credit(UserId user) {
        var id = RequestId.fresh(clock);
        return new Credit(
                id.number('P'),
                id.number('R'),
                user,
                Money.fen(PRINCIPAL),
                Money.fen(BONUS),
                Optional.of(365),
                "wechat",
                "main",
                clock.instant());
    }
}
