package io.tallyhook.payment.provider.alipay;

import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.Answered;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Orders, queries, closes and refunds payments at Alipay. Pages and apps are only signed for; the payer's device calls Alipay. */
@Component
final class AlipayGateway implements PaymentGateway {

    private static final String NOT_FOUND = "ACQ.TRADE_NOT_EXIST";

    private final AlipayAccounts accounts;
    private final AlipayClient client;
    private final Clock clock;

    AlipayGateway(AlipayAccounts accounts, AlipayClient client, Clock clock) {
        this.accounts = accounts;
        this.client = client;
        this.clock = clock;
    }

    @Override
    public String provider() {
        return AlipayCallbacks.PROVIDER;
    }

    @Override
    public Set<String> methods() {
        return AlipayOrders.methods();
    }

    @Override
    public void check(Order order) {
        client.signer(accounts.named(order.account()));
        AlipayOrders.check(order);
    }

    @Override
    public Map<String, String> prepare(Order order) {
        var account = accounts.named(order.account());
        if (order.method().equals(AlipayOrders.PRECREATE)) {
            return precreated(account, order);
        }
        var signer = client.signer(account);
        var params = signer.signed(
                AlipayOrders.method(order), AlipayOrders.content(order).toString(), AlipayOrders.further(order));
        return order.method().equals(AlipayOrders.APP)
                ? Map.of("orderString", signer.encoded(params))
                : Map.of("payUrl", signer.address(params).toString());
    }

    private Map<String, String> precreated(AlipayAccount account, Order order) {
        var answer = client.call(
                account, AlipayOrders.method(order), AlipayOrders.content(order), AlipayOrders.further(order));
        if (!answer.isSuccess()) {
            throw answer.failure();
        }
        return Map.of("qrCode", answer.word("qr_code"));
    }

    @Override
    public Optional<Fact> query(String accountName, String outTradeNo) {
        var account = accounts.named(accountName);
        var answer = client.call(
                account, "alipay.trade.query", StrictJson.empty().put("out_trade_no", outTradeNo), Map.of());
        if (answer.hasSubCode(NOT_FOUND)) {
            return Optional.empty();
        }
        if (!answer.isSuccess()) {
            throw answer.unclear();
        }
        return Optional.of(fact(account, answer, outTradeNo));
    }

    /** The answer names neither application nor seller; but it is signed, and is to a question only we could ask. */
    private Fact fact(AlipayAccount account, AlipayAnswer answer, String outTradeNo) {
        return Answered.about(
                outTradeNo,
                () -> AlipayFacts.trade(
                        new AlipayFields(answer.fields()), AlipayCallbacks.identity(account), clock.instant()));
    }

    @Override
    public Closing close(String accountName, String outTradeNo) {
        var answer = client.call(
                accounts.named(accountName),
                "alipay.trade.close",
                StrictJson.empty().put("out_trade_no", outTradeNo),
                Map.of());
        if (answer.isSuccess() || answer.hasSubCode(NOT_FOUND) || answer.hasSubCode("ACQ.TRADE_HAS_CLOSE")) {
            return Closing.CLOSED;
        }
        if (answer.hasSubCode("ACQ.TRADE_HAS_SUCCESS")) {
            return Closing.ALREADY_PAID;
        }
        if (answer.hasSubCode("ACQ.TRADE_STATUS_ERROR") || answer.hasSubCode("ACQ.REASON_TRADE_STATUS_INVALID")) {
            return askedWhy(accountName, outTradeNo).orElseThrow(answer::unclear);
        }
        throw answer.unclear();
    }

    @Override
    public void checkRefunds(String account) {
        client.signer(
                accounts.find(account).orElseThrow(() -> Answered.nobodyToAsk(AlipayCallbacks.PROVIDER, account)));
    }

    /** Done at once; if this call has moved nothing, an earlier one may have, and asking tells. */
    @Override
    public RefundAnswer refund(RefundOrder order) {
        var answer = client.call(
                accounts.named(order.account()), "alipay.trade.refund", AlipayRefunds.content(order), Map.of());
        if (!answer.isSuccess()) {
            throw AlipayRefunds.failure(answer);
        }
        if (AlipayRefunds.moved(answer, order)) {
            return AlipayRefunds.succeeded(answer, order);
        }
        return queryRefund(order).orElseThrow(() -> new ProviderUnclear("fund_change=N and no refund is known", null));
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        var answer = client.call(
                accounts.named(order.account()),
                "alipay.trade.fastpay.refund.query",
                AlipayRefunds.question(order),
                Map.of());
        if (!answer.isSuccess()) {
            throw answer.unclear();
        }
        return AlipayRefunds.queried(answer, order);
    }

    /** Alipay only says that the state forbids closing; it may be paid, or closed already. */
    private Optional<Closing> askedWhy(String account, String outTradeNo) {
        return query(account, outTradeNo).flatMap(fact -> switch (fact) {
            case Fact.Paid paid -> Optional.of(Closing.ALREADY_PAID);
            case Fact.Refunded refunded -> Optional.of(Closing.ALREADY_PAID);
            case Fact.Closed closed -> Optional.of(Closing.CLOSED);
            case Fact.Unchanged unchanged -> Optional.empty();
        });
    }
}
