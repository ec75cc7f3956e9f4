package io.tallyhook.wallet;

import io.tallyhook.payment.Entitlement.Line;
import io.tallyhook.payment.Entitlement.Preview;
import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.wallet.ledger.Ledger;
import io.tallyhook.wallet.ledger.RechargeQuotes;
import io.tallyhook.wallet.ledger.RechargeQuotes.Quote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Tells people beforehand what a refund would take out of a wallet, what would be left, and what is spent. */
@Component
class PreviewRecharge {

    private final Recharges recharges;
    private final RechargeQuotes quotes;
    private final Ledger ledger;

    PreviewRecharge(Recharges recharges, RechargeQuotes quotes, Ledger ledger) {
        this.recharges = recharges;
        this.quotes = quotes;
        this.ledger = ledger;
    }

    Preview of(TakeBack refund) {
        boolean credited = recharges
                .find(refund.reference())
                .filter(recharge -> recharge.paidBy().equals(Optional.of(refund.outTradeNo())))
                .isPresent();
        if (!credited) {
            return new Preview(true, List.of(Line.of("refund.preview.recharge-not-its-own", refund.reference())));
        }
        var shard = refund.userId().shard();
        if (!ledger.stopped(List.of(shard)).isEmpty()) {
            return new Preview(false, List.of(Line.of("refund.preview.ledger-stopped")));
        }
        var quote = quotes.of(refund.userId(), refund.outTradeNo(), refund.amount());
        boolean possible = quote.left().compareTo(refund.amount()) >= 0;
        return new Preview(possible, possible ? taken(refund, quote) : missing(refund, quote));
    }

    private static List<Line> taken(TakeBack refund, Quote quote) {
        var lines = new ArrayList<Line>();
        lines.add(Line.of("refund.preview.principal", refund.amount()));
        if (quote.forgone().isPositive()) {
            lines.add(Line.of("refund.preview.bonus", quote.forgone()));
        }
        lines.add(Line.of(
                "refund.preview.recharge-left",
                quote.left().minus(refund.amount()),
                quote.bonusLeft().minus(quote.forgone())));
        if (quote.spent().isPositive()) {
            lines.add(Line.of("refund.preview.recharge-spent", quote.spent()));
        }
        return lines;
    }

    private static List<Line> missing(TakeBack refund, Quote quote) {
        return List.of(
                Line.of("refund.preview.recharge-too-little", quote.left(), refund.amount()),
                Line.of("refund.preview.recharge-spent", quote.spent()));
    }
}
