package io.tallyhook.payment.simulation;

import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Calls the bank, and misunderstands. */
final class FlawedBank implements PaymentGateway {

    private final PaymentGateway bank;
    private final Flaw flaw;
    private final Set<String> sent = new HashSet<>();

    FlawedBank(PaymentGateway bank, Flaw flaw) {
        this.bank = bank;
        this.flaw = flaw;
    }

    @Override
    public String provider() {
        return bank.provider();
    }

    @Override
    public Set<String> methods() {
        return bank.methods();
    }

    @Override
    public void check(Order order) {
        bank.check(order);
    }

    @Override
    public Map<String, String> prepare(Order order) {
        return bank.prepare(order);
    }

    @Override
    public Optional<Fact> query(String account, String outTradeNo) {
        var fact = bank.query(account, outTradeNo);
        return flaw == Flaw.THE_ANSWER_PAID_IS_NOT_BOOKED ? fact.filter(what -> !(what instanceof Fact.Paid)) : fact;
    }

    @Override
    public Closing close(String account, String outTradeNo) {
        if (flaw != Flaw.CLOSED_HERE_WHATEVER_THE_PROVIDER_SAYS) {
            return bank.close(account, outTradeNo);
        }
        try {
            bank.close(account, outTradeNo);
        } catch (ProviderUnclear unclear) {
            return Closing.CLOSED;
        }
        return Closing.CLOSED;
    }

    @Override
    public void checkRefunds(String account) {
        bank.checkRefunds(account);
    }

    @Override
    public RefundAnswer refund(RefundOrder order) {
        boolean again = !sent.add(order.refundNo());
        try {
            return bank.refund(again && flaw == Flaw.WHAT_IS_SENT_AGAIN_HAS_ANOTHER_NUMBER ? renamed(order) : order);
        } catch (ProviderUnclear unclear) {
            if (flaw == Flaw.WHAT_IS_UNCLEAR_COUNTS_AS_REFUSED) {
                throw new ProviderRefused("UNCLEAR", "no answer");
            }
            throw unclear;
        }
    }

    private static RefundOrder renamed(RefundOrder order) {
        return new RefundOrder(
                order.account(),
                order.outTradeNo(),
                order.refundNo() + "-2",
                order.amount(),
                order.paid(),
                order.reason(),
                order.notifyUrl());
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        return bank.queryRefund(order);
    }
}
