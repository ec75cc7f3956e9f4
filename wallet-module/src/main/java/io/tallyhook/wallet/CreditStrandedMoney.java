package io.tallyhook.wallet;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.wallet.ledger.Credit;
import io.tallyhook.wallet.ledger.Ledger;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Credits money that was meant for something else: by a recharge of its own, without a bonus and credited from the beginning, so
 * that statements, refunds, the clearing account and the proof treat it like any other.
 */
@Component
class CreditStrandedMoney implements WalletCredit {

    private final Recharges recharges;
    private final MakeRecharge make;
    private final Ledger ledger;
    private final Clock clock;

    CreditStrandedMoney(Recharges recharges, MakeRecharge make, Ledger ledger, Clock clock) {
        this.recharges = recharges;
        this.make = make;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public String purpose() {
        return WalletConfiguration.RECHARGE.code();
    }

    @Override
    public Crediting credit(StrandedMoney money) {
        var known = recharges.creditedBy(money.outTradeNo());
        if (known.isPresent()) {
            return new Crediting.Credited(same(known.get(), money).rechargeNo());
        }
        return obstacle(money)
                .<Crediting>map(Crediting.Declined::new)
                .orElseGet(() -> new Crediting.Credited(book(money).rechargeNo()));
    }

    private Recharge book(StrandedMoney money) {
        var recharge = make.credited(RequestId.fresh(clock), money);
        ledger.credit(List.of(new Credit(
                money.outTradeNo(),
                recharge.rechargeNo(),
                money.userId(),
                money.received(),
                Money.fen(0),
                Optional.empty(),
                money.provider(),
                money.account(),
                money.paidAt())));
        return recharge;
    }

    private Optional<Refusal> obstacle(StrandedMoney money) {
        if (!money.received().currency().equals(Money.CNY)) {
            return Optional.of(Refusal.conflict(
                    "no-such-wallet",
                    "There are no wallets in %s.".formatted(money.received().currency())));
        }
        return ledger.stopped(List.of(money.userId().shard())).stream()
                .findFirst()
                .map(shard -> Refusal.of(HttpStatus.SERVICE_UNAVAILABLE, "ledger-stopped", Refusals.STANDS_STILL));
    }

    /** What this payment has credited before was this. Whatever else it is cannot have come about by any right way. */
    private static Recharge same(Recharge known, StrandedMoney money) {
        boolean same = known.meantFor().isPresent()
                && known.amount().equals(money.received())
                && known.userId().equals(money.userId());
        if (!same) {
            throw new IllegalStateException("Payment %s of %s by %s was credited before, as recharge %s of %s by %s"
                    .formatted(
                            money.outTradeNo(),
                            money.received(),
                            money.userId(),
                            known.rechargeNo(),
                            known.amount(),
                            known.userId()));
        }
        return known;
    }
}
