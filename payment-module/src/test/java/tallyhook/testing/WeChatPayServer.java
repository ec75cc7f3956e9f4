package tallyhook.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import tallyhook.testing.StubServer.Request;
import tallyhook.testing.StubServer.Response;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * WeChat Pay by real HTTP on loopback and with signed answers: takes native orders of one account, can be asked about them and
 * told to close them, and gives money back, once under each number.
 */
public final class WeChatPayServer implements AutoCloseable {

    public static final String ACCOUNT = "asked";

    private static final String REFUNDS = "/v3/refund/domestic/refunds";
    private static final Pattern ABOUT = Pattern.compile("/v3/pay/transactions/out-trade-no/([^/?]+)(/close)?.*");

    private final StubServer server = new StubServer();
    private final Map<String, Long> ordered = new ConcurrentHashMap<>();
    private final Set<String> paid = ConcurrentHashMap.newKeySet();
    private final Set<String> closed = ConcurrentHashMap.newKeySet();
    private final Map<String, Refunded> refunded = new ConcurrentHashMap<>();
    private final Map<String, String> refundsFor = new ConcurrentHashMap<>();
    private volatile boolean down;
    private volatile UnaryOperator<Supplier<Response>> line = call -> call;

    /** Money that went back. */
    private record Refunded(String outTradeNo, long fen, String status) {}

    public WeChatPayServer() {
        server.answers(request -> line.apply(() -> answer(request)).get());
    }

    /** Each call goes through this. */
    public void reachedBy(UnaryOperator<Supplier<Response>> aLine) {
        line = aLine;
    }

    /** How refunds of this payment are answered: {@code SUCCESS}, {@code PROCESSING} or {@code refused}. */
    public void answersRefundsOf(String outTradeNo, String status) {
        refundsFor.put(outTradeNo, status);
    }

    /** What went back of this payment, in fen, under all numbers. */
    public long givenBack(String outTradeNo) {
        return refunded.values().stream()
                .filter(one -> one.outTradeNo.equals(outTradeNo))
                .mapToLong(Refunded::fen)
                .sum();
    }

    public io.tallyhook.payment.provider.wechat.WeChatAccount account() {
        return TestAccounts.weChat(ACCOUNT, server.uri());
    }

    /** From now on this payment is paid here, without anybody having been told. */
    public void takesMoneyFor(String outTradeNo) {
        paid.add(outTradeNo);
    }

    /** From now on every call fails, or none. */
    public void down(boolean nothingWorks) {
        down = nothingWorks;
    }

    public boolean hasClosed(String outTradeNo) {
        return closed.contains(outTradeNo);
    }

    /** What was asked about a payment: {@code GET} for its state, {@code POST} to close it. */
    public List<String> askedAbout(String outTradeNo) {
        return server.requests().stream()
                .filter(request -> request.target().contains(outTradeNo))
                .map(Request::method)
                .toList();
    }

    @Override
    public void close() {
        server.close();
    }

    private Response answer(Request request) {
        if (down) {
            return signed(500, "{\"code\":\"SYSTEM_ERROR\",\"message\":\"down\"}");
        }
        if (request.target().startsWith(REFUNDS)) {
            return request.method().equals("POST")
                    ? refund(JsonMapper.shared().readTree(request.text()))
                    : refund(request.target().substring(REFUNDS.length() + 1));
        }
        var about = ABOUT.matcher(request.target());
        if (!about.matches()) {
            var order = JsonMapper.shared().readTree(request.text());
            ordered.put(
                    order.path("out_trade_no").asString(),
                    order.path("amount").path("total").asLong());
            return signed(200, "{\"code_url\":\"weixin://wxpay/1\"}");
        }
        return about.group(2) == null ? state(about.group(1)) : closing(about.group(1));
    }

    private Response refund(JsonNode order) {
        var outTradeNo = order.path("out_trade_no").asString();
        var number = order.path("out_refund_no").asString();
        var status = refundsFor.getOrDefault(outTradeNo, "SUCCESS");
        if (status.equals("refused")) {
            return signed(403, "{\"code\":\"NOT_ENOUGH\",\"message\":\"too little\"}");
        }
        refunded.putIfAbsent(
                number,
                new Refunded(outTradeNo, order.path("amount").path("refund").asLong(), status));
        return refund(number);
    }

    private Response refund(String number) {
        var known = refunded.get(number);
        if (known == null) {
            return signed(404, "{\"code\":\"RESOURCE_NOT_EXISTS\",\"message\":\"unknown\"}");
        }
        return signed(200, """
                {"refund_id":"50%s","out_refund_no":"%s","transaction_id":"42%s","out_trade_no":"%s","channel":"ORIGINAL",
                 "user_received_account":"支付用户零钱","create_time":"2026-01-01T12:00:00+08:00","status":"%s",
                 "amount":{"total":%d,"refund":%d,"payer_total":%d,"payer_refund":%d,"currency":"CNY"}}
                """.formatted(
                        number,
                        number,
                        known.outTradeNo,
                        known.outTradeNo,
                        known.status,
                        ordered.get(known.outTradeNo),
                        known.fen,
                        ordered.get(known.outTradeNo),
                        known.fen));
    }

    private Response closing(String outTradeNo) {
        if (paid.contains(outTradeNo)) {
            return signed(400, "{\"code\":\"ORDERPAID\",\"message\":\"paid\"}");
        }
        closed.add(outTradeNo);
        return signed(204, "");
    }

    private Response state(String outTradeNo) {
        var amount = ordered.get(outTradeNo);
        if (amount == null) {
            return signed(404, "{\"code\":\"ORDER_NOT_EXIST\",\"message\":\"unknown\"}");
        }
        var account = account();
        var state = paid.contains(outTradeNo) ? "SUCCESS" : closed.contains(outTradeNo) ? "CLOSED" : "NOTPAY";
        return signed(200, """
                {"appid":"%s","mchid":"%s","out_trade_no":"%s","transaction_id":"42%s","trade_state":"%s",
                 "success_time":"%s","amount":{"total":%d,"payer_total":%d,"currency":"CNY"}}
                """.formatted(
                        account.appId(),
                        account.mchId(),
                        outTradeNo,
                        outTradeNo,
                        state,
                        Instant.now().atOffset(ZoneOffset.ofHours(8)).withNano(0),
                        amount,
                        amount));
    }

    private static Response signed(int status, String body) {
        try {
            var now = Instant.now().getEpochSecond();
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(TestKeys.weChatPay().getPrivate());
            signature.update("%d\nnonce\n%s\n".formatted(now, body).getBytes(UTF_8));
            return Response.of(status, body)
                    .with(Map.of(
                            "Wechatpay-Serial",
                            TestAccounts.PUBLIC_KEY_ID,
                            "Wechatpay-Timestamp",
                            String.valueOf(now),
                            "Wechatpay-Nonce",
                            "nonce",
                            "Wechatpay-Signature",
                            Base64.getEncoder().encodeToString(signature.sign())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
