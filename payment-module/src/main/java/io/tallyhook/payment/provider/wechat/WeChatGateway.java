package io.tallyhook.payment.provider.wechat;

import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.PaymentGateway;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import io.tallyhook.payment.provider.wire.Answered;
import io.tallyhook.payment.provider.wire.StrictJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;

/** Orders, queries, closes and refunds payments at WeChat Pay (APIv3). */
@Component
final class WeChatGateway implements PaymentGateway {

    private final WeChatAccounts accounts;
    private final WeChatClient client;

    WeChatGateway(WeChatAccounts accounts, WeChatClient client) {
        this.accounts = accounts;
        this.client = client;
    }

    @Override
    public String provider() {
        return WeChatCallbacks.PROVIDER;
    }

    @Override
    public Set<String> methods() {
        return WeChatOrders.methods();
    }

    @Override
    public void check(Order order) {
        client.signer(accounts.named(order.account()));
        WeChatOrders.check(order);
    }

    @Override
    public Map<String, String> prepare(Order order) {
        var account = accounts.named(order.account());
        var body = WeChatOrders.body(account, order);
        var answer = client.call(account, HttpMethod.POST, WeChatOrders.path(order), Optional.of(body));
        if (!answer.isSuccess()) {
            throw answer.failure();
        }
        return WeChatOrders.payParams(order, answer, client.signer(account));
    }

    @Override
    public Optional<Fact> query(String accountName, String outTradeNo) {
        var account = accounts.named(accountName);
        var answer =
                client.call(account, HttpMethod.GET, path(outTradeNo) + "?mchid=" + account.mchId(), Optional.empty());
        if (answer.isNotFound()) {
            return Optional.empty();
        }
        if (!answer.isSuccess()) {
            throw answer.unclear();
        }
        return Optional.of(fact(answer, outTradeNo));
    }

    private static Fact fact(WeChatAnswer answer, String outTradeNo) {
        return Answered.about(outTradeNo, () -> WeChatFacts.transaction(answer.content()));
    }

    @Override
    public Closing close(String accountName, String outTradeNo) {
        var account = accounts.named(accountName);
        var body = StrictJson.empty().put("mchid", account.mchId());
        var answer = client.call(account, HttpMethod.POST, path(outTradeNo) + "/close", Optional.of(body));
        if (answer.isSuccess() || answer.isNotFound() || answer.isAlreadyClosed()) {
            return Closing.CLOSED;
        }
        if (answer.isAlreadyPaid()) {
            return Closing.ALREADY_PAID;
        }
        throw answer.unclear();
    }

    @Override
    public void checkRefunds(String account) {
        client.signer(
                accounts.find(account).orElseThrow(() -> Answered.nobodyToAsk(WeChatCallbacks.PROVIDER, account)));
    }

    @Override
    public RefundAnswer refund(RefundOrder order) {
        var account = accounts.named(order.account());
        var answer = client.call(account, HttpMethod.POST, WeChatRefunds.PATH, Optional.of(WeChatRefunds.body(order)));
        if (!answer.isSuccess()) {
            throw answer.refundFailure();
        }
        return WeChatRefunds.answer(answer, order);
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        var account = accounts.named(order.account());
        var answer = client.call(account, HttpMethod.GET, WeChatRefunds.path(order), Optional.empty());
        if (answer.knowsNoRefund()) {
            return Optional.empty();
        }
        if (!answer.isSuccess()) {
            throw answer.unclear();
        }
        return Optional.of(WeChatRefunds.answer(answer, order));
    }

    private static String path(String outTradeNo) {
        return "/v3/pay/transactions/out-trade-no/" + URLEncoder.encode(outTradeNo, StandardCharsets.UTF_8);
    }
}
