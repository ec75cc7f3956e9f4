package io.tallyhook.wallet;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.wallet.ledger.Answer;
import io.tallyhook.wallet.ledger.Spending;
import io.tallyhook.wallet.ledger.Spending.GiveBack;
import io.tallyhook.wallet.ledger.Spending.Spend;
import java.time.Clock;
import org.springframework.stereotype.Component;

/** Pays from the user's balance, principal and bonus, as the installation's draw-down says. */
@Component
class BalanceMethod implements InstantMethod {

    static final String PROVIDER = "wallet";

    private final Spending spending;
    private final Clock clock;

    BalanceMethod(Spending spending, Clock clock) {
        this.spending = spending;
        this.clock = clock;
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public String account() {
        return "main";
    }

    @Override
    public String method() {
        return "balance";
    }

    @Override
    public Taking take(InstantPayment payment) {
        var now = clock.instant();
        var spend = new Spend(
                payment.outTradeNo(), payment.userId(), payment.amount(), payment.purpose(), payment.reference(), now);
        return switch (Refusals.unlessStopped(() -> spending.spend(spend))) {
            case Answer.Posted posted -> new Taking.Taken("J" + posted.journalId(), now);
            case Answer.Declined declined -> new Taking.Declined(Refusals.of(declined.reason()));
        };
    }

    @Override
    public String giveBack(Entitlement.TakeBack refund) {
        var wanted = new GiveBack(
                LedgerKey.of(refund),
                refund.userId(),
                refund.outTradeNo(),
                refund.amount(),
                refund.actor(),
                refund.reason());
        return switch (Refusals.unlessStopped(() -> spending.giveBack(wanted))) {
            case Answer.Posted posted -> "J" + posted.journalId();
            case Answer.Declined declined -> throw Refusals.of(declined.reason());
        };
    }
}
