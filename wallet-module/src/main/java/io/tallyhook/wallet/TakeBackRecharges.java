package io.tallyhook.wallet;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.TakenRecharges.Known;
import io.tallyhook.wallet.TakenRecharges.Way;
import io.tallyhook.wallet.ledger.Answer;
import io.tallyhook.wallet.ledger.RechargeQuotes;
import io.tallyhook.wallet.ledger.RechargeRefunds;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Takes money out of a wallet that goes back to its payer: what is left of that very recharge, and the bonus that stands to
 * it. What is spent is not there to be taken, so such a refund is declined; if it has been paid out without us, the user
 * owes it.
 */
@Component
class TakeBackRecharges implements Entitlement {

    private final Recharges recharges;
    private final TakenRecharges taken;
    private final RechargeRefunds ledger;
    private final RechargeQuotes quotes;
    private final PreviewRecharge preview;

    TakeBackRecharges(
            Recharges recharges,
            TakenRecharges taken,
            RechargeRefunds ledger,
            RechargeQuotes quotes,
            PreviewRecharge preview) {
        this.recharges = recharges;
        this.taken = taken;
        this.ledger = ledger;
        this.quotes = quotes;
        this.preview = preview;
    }

    @Override
    public String purpose() {
        return WalletConfiguration.RECHARGE.code();
    }

    @Override
    public Preview preview(TakeBack refund) {
        return preview.of(refund);
    }

    @Override
    public Taking take(TakeBack refund) {
        if (lock(refund).isEmpty() || taken.find(refund, Way.ASKED).isPresent()) {
            return new Taking.Taken();
        }
        var answer = Refusals.unlessStopped(() -> ledger.take(
                LedgerKey.of(refund),
                refund.userId(),
                refund.outTradeNo(),
                refund.amount(),
                refund.actor(),
                refund.reason()));
        if (answer instanceof Answer.Declined) {
            return new Taking.Declined(spent(refund));
        }
        keep(refund, Way.ASKED, Money.fen(0));
        return new Taking.Taken();
    }

    /** The money leaves the clearing account. */
    @Override
    public void settle(TakeBack refund, Instant at) {
        if (lock(refund).isPresent() && taken.find(refund, Way.ASKED).isPresent()) {
            requireBooked(
                    Refusals.unlessStopped(() -> ledger.settled(LedgerKey.of(refund), refund.userId(), at)), refund);
        }
    }

    /** Whichever refund has failed: a recharge is refunded while all of its money is gone or going. */
    @Override
    public void giveBack(TakeBack refund, Instant at) {
        if (lock(refund).isPresent()
                && taken.find(refund, Way.ASKED).filter(Known::stands).isPresent()) {
            requireBooked(
                    Refusals.unlessStopped(() -> ledger.failed(LedgerKey.of(refund), refund.userId(), at)), refund);
            taken.giveBack(refund);
            if (!taken.allGone(refund)) {
                recharges.creditedAgain(refund.reference());
            }
        }
    }

    @Override
    public Money takeWhatIsLeft(TakeBack refund, Instant at) {
        if (lock(refund).isEmpty()) {
            return Money.fen(0);
        }
        return taken.find(refund, Way.TOLD)
                .or(() -> taken.find(refund, Way.ASKED).filter(Known::stands))
                .map(Known::shortfall)
                .orElseGet(() -> chargeBack(refund));
    }

    private Money chargeBack(TakeBack refund) {
        var answer = Refusals.unlessStopped(() -> ledger.takeWhatIsLeft(
                LedgerKey.of(refund),
                refund.userId(),
                refund.outTradeNo(),
                refund.amount(),
                refund.actor(),
                refund.reason()));
        var shortfall = refund.amount().minus(requireBooked(answer, refund).principal());
        keep(refund, Way.TOLD, shortfall);
        return shortfall;
    }

    private void keep(TakeBack refund, Way way, Money shortfall) {
        taken.keep(refund, way, shortfall);
        if (refund.isLast() || taken.allGone(refund)) {
            recharges.refunded(refund.reference());
        }
    }

    /** The recharge, if it is this payment that was credited. A second payment of it has filled no wallet. */
    private Optional<Recharge> lock(TakeBack refund) {
        return recharges.lock(List.of(refund.reference())).stream()
                .filter(recharge -> recharge.paidBy().equals(Optional.of(refund.outTradeNo())))
                .findFirst();
    }

    private Refusal spent(TakeBack refund) {
        var quote = quotes.of(refund.userId(), refund.outTradeNo(), refund.amount());
        return Refusal.conflict(
                        "balance-spent",
                        "Of recharge %s no more than %s can be given back: %s of it was spent or is set aside. Refund a smaller amount under another number."
                                .formatted(refund.reference(), quote.left(), quote.spent()))
                .with("left", quote.left().minorUnits())
                .with("spent", quote.spent().minorUnits());
    }

    /** What the ledger declines here is out of order, or not in order yet: it is loud, and tried again. */
    private static Answer.Posted requireBooked(Answer answer, TakeBack refund) {
        return switch (answer) {
            case Answer.Posted posted -> posted;
            case Answer.Declined declined ->
                throw new IllegalStateException("The ledger declines what refund %s of %s by payment %s has to book: %s"
                        .formatted(refund.refundNo(), refund.amount(), refund.outTradeNo(), declined.reason()));
        };
    }
}
