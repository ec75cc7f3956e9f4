package io.tallyhook.benchmarks;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.RequestId;
import io.tallyhook.wallet.ledger.Answer.Posted;
import io.tallyhook.wallet.ledger.Spending.Spend;
import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/** Pays an order from the balance of some user: one round trip and a commit. A refusal is right, but not counted. */
record Paying(Books books, Acknowledged acknowledged, Clock clock, Users users) implements Client {

    private static final int AT_MOST = 3_000;

    @Override
    public int work() {
        var id = RequestId.fresh(clock);
        var amount = Money.fen(ThreadLocalRandom.current().nextInt(1, AT_MOST));
        var spend = new Spend(id.number('P'), users.any(), amount, "GOODS", id.number('O'), clock.instant());
        if (books.inTransaction(() -> books.spending().spend(spend)) instanceof Posted posted) {
            acknowledged.add("SPEND", spend.key(), posted.journalId());
            return 1;
        }
        return 0;
    }
}
