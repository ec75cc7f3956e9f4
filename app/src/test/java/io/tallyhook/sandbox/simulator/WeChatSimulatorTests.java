package io.tallyhook.sandbox.simulator;

import static io.tallyhook.sandbox.simulator.SimulatedProvider.WECHAT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.wechat.pay.java.core.RSAPublicKeyConfig;
import com.wechat.pay.java.core.exception.ServiceException;
import com.wechat.pay.java.core.http.DefaultHttpClientBuilder;
import com.wechat.pay.java.core.http.HttpClient;
import com.wechat.pay.java.service.payments.app.AppService;
import com.wechat.pay.java.service.payments.h5.H5Service;
import com.wechat.pay.java.service.payments.h5.model.H5Info;
import com.wechat.pay.java.service.payments.h5.model.SceneInfo;
import com.wechat.pay.java.service.payments.jsapi.JsapiService;
import com.wechat.pay.java.service.payments.jsapi.model.Payer;
import com.wechat.pay.java.service.payments.model.Transaction;
import com.wechat.pay.java.service.payments.nativepay.NativePayService;
import com.wechat.pay.java.service.payments.nativepay.model.Amount;
import com.wechat.pay.java.service.payments.nativepay.model.CloseOrderRequest;
import com.wechat.pay.java.service.payments.nativepay.model.PrepayRequest;
import com.wechat.pay.java.service.payments.nativepay.model.QueryOrderByOutTradeNoRequest;
import com.wechat.pay.java.service.refund.RefundService;
import com.wechat.pay.java.service.refund.model.AmountReq;
import com.wechat.pay.java.service.refund.model.CreateRequest;
import com.wechat.pay.java.service.refund.model.QueryByOutRefundNoRequest;
import com.wechat.pay.java.service.refund.model.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat Pay's official client against the simulator: it signs what we verify and verifies what we sign. */
class WeChatSimulatorTests {

    private final Sandbox sandbox = new Sandbox();
    private HttpClient client;
    private NativePayService payments;

    @BeforeEach
    void connectTheOfficialClient() {
        var keys = sandbox.simulator.keys();
        var config = new RSAPublicKeyConfig.Builder()
                .merchantId(SandboxKeys.WECHAT_MCH_ID)
                .privateKey(keys.weChatMerchant().getPrivate())
                .merchantSerialNumber(keys.weChatMerchantSerial())
                .publicKey(keys.weChatPlatform().getPublic())
                .publicKeyId(SandboxKeys.WECHAT_PUBLIC_KEY_ID)
                .apiV3Key(new String(keys.weChatApiV3Key(), UTF_8))
                .build();
        var base = HttpUrl.get(sandbox.simulator.weChatBaseUrl().toString());
        var redirected = new OkHttpClient.Builder()
                .addInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .url(chain.request()
                                .url()
                                .newBuilder()
                                .scheme("http")
                                .host(base.host())
                                .port(base.port())
                                .build())
                        .build()))
                .build();
        client = new DefaultHttpClientBuilder()
                .config(config)
                .okHttpClient(redirected)
                .build();
        payments =
                new NativePayService.Builder().config(config).httpClient(client).build();
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void takesANativeOrderAndSendsThePayerToItsPage() {
        assertThat(payments.prepay(order("W-100001", 1999)).getCodeUrl())
                .isEqualTo("http://shop.example/sandbox/pay/wechat/W-100001");
        assertThat(sandbox.simulator
                        .order(WECHAT, "W-100001")
                        .orElseThrow()
                        .amount()
                        .minorUnits())
                .isEqualTo(1999);
        assertThat(query("W-100001").getTradeState()).isEqualTo(Transaction.TradeStateEnum.NOTPAY);
    }

    @Test
    void givesTheSameAnswerToTheSameOrderAndRefusesAChangedOne() {
        var first = payments.prepay(order("W-100001", 1999)).getCodeUrl();
        assertThat(payments.prepay(order("W-100001", 1999)).getCodeUrl()).isEqualTo(first);
        var refused = catchThrowableOfType(ServiceException.class, () -> payments.prepay(order("W-100001", 2000)));
        assertThat(refused.getErrorCode()).isEqualTo("OUT_TRADE_NO_USED");
        assertThat(refused.getHttpStatusCode()).isEqualTo(403);
    }

    @Test
    void answersJsapiAppAndH5InTheirOwnWays() {
        var jsapi = new com.wechat.pay.java.service.payments.jsapi.model.PrepayRequest();
        jsapi.setAppid(SandboxKeys.WECHAT_APP_ID);
        jsapi.setMchid(SandboxKeys.WECHAT_MCH_ID);
        jsapi.setDescription("会员");
        jsapi.setOutTradeNo("W-100002");
        jsapi.setNotifyUrl(sandbox.receiver.url("/c").toString());
        var jsapiAmount = new com.wechat.pay.java.service.payments.jsapi.model.Amount();
        jsapiAmount.setTotal(1);
        jsapi.setAmount(jsapiAmount);
        var jsapiService = new JsapiService.Builder().httpClient(client).build();
        assertThat(catchThrowableOfType(ServiceException.class, () -> jsapiService.prepay(jsapi))
                        .getErrorMessage())
                .contains("openid");
        var payer = new Payer();
        payer.setOpenid("oSandbox");
        jsapi.setPayer(payer);
        assertThat(jsapiService.prepay(jsapi).getPrepayId()).isNotBlank();

        var app = new com.wechat.pay.java.service.payments.app.model.PrepayRequest();
        app.setAppid(SandboxKeys.WECHAT_APP_ID);
        app.setMchid(SandboxKeys.WECHAT_MCH_ID);
        app.setDescription("会员");
        app.setOutTradeNo("W-100003");
        app.setNotifyUrl(sandbox.receiver.url("/c").toString());
        var appAmount = new com.wechat.pay.java.service.payments.app.model.Amount();
        appAmount.setTotal(1);
        app.setAmount(appAmount);
        assertThat(new AppService.Builder()
                        .httpClient(client)
                        .build()
                        .prepay(app)
                        .getPrepayId())
                .isNotBlank();

        var h5 = new com.wechat.pay.java.service.payments.h5.model.PrepayRequest();
        h5.setAppid(SandboxKeys.WECHAT_APP_ID);
        h5.setMchid(SandboxKeys.WECHAT_MCH_ID);
        h5.setDescription("会员");
        h5.setOutTradeNo("W-100004");
        h5.setNotifyUrl(sandbox.receiver.url("/c").toString());
        var h5Amount = new com.wechat.pay.java.service.payments.h5.model.Amount();
        h5Amount.setTotal(1);
        h5.setAmount(h5Amount);
        var scene = new SceneInfo();
        scene.setPayerClientIp("127.0.0.1");
        var info = new H5Info();
        info.setType("Wap");
        scene.setH5Info(info);
        h5.setSceneInfo(scene);
        assertThat(new H5Service.Builder().httpClient(client).build().prepay(h5).getH5Url())
                .endsWith("/sandbox/pay/wechat/W-100004");
    }

    @Test
    void knowsWhatIsPaidAndRefusesToCloseIt() {
        payments.prepay(order("W-100001", 1999));
        sandbox.simulator.pay(WECHAT, "W-100001");
        var transaction = query("W-100001");
        assertThat(transaction.getTradeState()).isEqualTo(Transaction.TradeStateEnum.SUCCESS);
        assertThat(transaction.getAmount().getTotal()).isEqualTo(1999);
        assertThat(transaction.getTransactionId()).matches("\\d{28}");
        assertThat(catchThrowableOfType(ServiceException.class, () -> payments.closeOrder(closing("W-100001")))
                        .getErrorCode())
                .isEqualTo("ORDERPAID");
    }

    @Test
    void closesWithASignedEmptyAnswerAndCannotBePaidAfterwards() {
        payments.prepay(order("W-100001", 1999));
        payments.closeOrder(closing("W-100001"));
        assertThat(query("W-100001").getTradeState()).isEqualTo(Transaction.TradeStateEnum.CLOSED);
        assertThat(sandbox.simulator.pay(WECHAT, "W-100001")).isEmpty();
        assertThat(sandbox.receiver.received()).isEmpty();
    }

    @Test
    void closesByItselfWhatNobodyPaidInTime() {
        var request = order("W-100001", 1999);
        request.setTimeExpire(WeChatDocuments.time(sandbox.clock.instant().plusSeconds(120)));
        payments.prepay(request);
        sandbox.clock.advance(Duration.ofSeconds(121));
        assertThat(query("W-100001").getTradeState()).isEqualTo(Transaction.TradeStateEnum.CLOSED);
        assertThat(sandbox.simulator.pay(WECHAT, "W-100001")).isEmpty();
    }

    @Test
    void saysSoWhenThereIsNoSuchOrder() {
        var refused = catchThrowableOfType(ServiceException.class, () -> query("W-999999"));
        assertThat(refused.getHttpStatusCode()).isEqualTo(404);
        assertThat(refused.getErrorCode()).isEqualTo("ORDER_NOT_EXIST");
    }

    @Test
    void givesMoneyBackOnceALittleLaterAndTells() {
        payments.prepay(order("W-100001", 1999));
        sandbox.receiver.answering(200, "");
        sandbox.simulator.pay(WECHAT, "W-100001");
        var refunds = new RefundService.Builder().httpClient(client).build();
        assertThat(refunds.create(refund("R-1", 999)).getStatus()).isEqualTo(Status.PROCESSING);
        assertThat(refunds.create(refund("R-1", 999)).getStatus()).isEqualTo(Status.PROCESSING);
        assertThat(catchThrowableOfType(ServiceException.class, () -> refunds.create(refund("R-1", 998)))
                        .getErrorCode())
                .isEqualTo("PARAM_ERROR");
        assertThat(catchThrowableOfType(ServiceException.class, () -> refunds.create(refund("R-2", 1001)))
                        .getErrorCode())
                .isEqualTo("NOT_ENOUGH");
        sandbox.timer.runOut();
        var query = new QueryByOutRefundNoRequest();
        query.setOutRefundNo("R-1");
        assertThat(refunds.queryByOutRefundNo(query).getStatus()).isEqualTo(Status.SUCCESS);
        assertThat(sandbox.receiver.received()).hasSize(2);
        assertThat(sandbox.receiver.received().getLast().text()).contains("REFUND.SUCCESS");
    }

    @Test
    void givesBackWhatWasReceivedAndNotWhatWasOrdered() {
        payments.prepay(order("W-100001", 1999));
        sandbox.receiver.answering(200, "");
        sandbox.simulator.misbehave(WECHAT, "W-100001", Misbehaviour.WRONG_AMOUNT);
        assertThat(query("W-100001").getAmount().getTotal()).isEqualTo(2000);
        var refunds = new RefundService.Builder().httpClient(client).build();

        assertThat(catchThrowableOfType(ServiceException.class, () -> refunds.create(refund("R-1", 1999)))
                        .getErrorCode())
                .isEqualTo("PARAM_ERROR");
        assertThat(catchThrowableOfType(ServiceException.class, () -> refunds.create(refund("R-2", 2001, 2000)))
                        .getErrorCode())
                .isEqualTo("NOT_ENOUGH");
        assertThat(sandbox.simulator.order(WECHAT, "W-100001").orElseThrow().refunded())
                .isZero();

        refunds.create(refund("R-3", 2000, 2000));
        assertThat(sandbox.simulator.order(WECHAT, "W-100001").orElseThrow().refundable())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer x",
                "WECHATPAY2-SHA256-RSA2048 mchid=\"1900009999\"",
                "MCHID",
                "SERIAL",
                "STALE",
                "BODY",
                "PATH"
            })
    void refusesARequestThatTheMerchantDidNotSignExactlySo(String flaw) throws IOException, InterruptedException {
        var body = "{\"mchid\":\"%s\"}".formatted(SandboxKeys.WECHAT_MCH_ID);
        var path = "/v3/pay/transactions/out-trade-no/W-100001/close";
        var time = sandbox.clock.instant().getEpochSecond() - (flaw.equals("STALE") ? 301 : 0);
        var signed = WeChatWire.message(
                body.getBytes(UTF_8), "POST", path + (flaw.equals("PATH") ? "?" : ""), String.valueOf(time), "nonce");
        var keys = sandbox.simulator.keys();
        var line =
                "WECHATPAY2-SHA256-RSA2048 mchid=\"%s\",nonce_str=\"nonce\",timestamp=\"%d\",serial_no=\"%s\",signature=\"%s\""
                        .formatted(
                                flaw.equals("MCHID") ? "1900000000" : SandboxKeys.WECHAT_MCH_ID,
                                time,
                                flaw.equals("SERIAL") ? "0".repeat(40) : keys.weChatMerchantSerial(),
                                Rsa.sign(keys.weChatMerchant().getPrivate(), signed));
        var isLine = flaw.matches("[A-Z]+");
        var request = HttpRequest.newBuilder(URI.create(sandbox.simulator.weChatBaseUrl() + path))
                .POST(HttpRequest.BodyPublishers.ofString(flaw.equals("BODY") ? body + " " : body));
        if (!flaw.isEmpty()) {
            request.header("Authorization", isLine ? line : flaw);
        }
        try (var http = java.net.http.HttpClient.newHttpClient()) {
            var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.body()).contains("\"code\":\"SIGN_ERROR\"");
        }
    }

    private Transaction query(String outTradeNo) {
        var request = new QueryOrderByOutTradeNoRequest();
        request.setMchid(SandboxKeys.WECHAT_MCH_ID);
        request.setOutTradeNo(outTradeNo);
        return payments.queryOrderByOutTradeNo(request);
    }

    private static CloseOrderRequest closing(String outTradeNo) {
        var request = new CloseOrderRequest();
        request.setMchid(SandboxKeys.WECHAT_MCH_ID);
        request.setOutTradeNo(outTradeNo);
        return request;
    }

    private static CreateRequest refund(String number, long fen) {
        return refund(number, fen, 1999);
    }

    private static CreateRequest refund(String number, long fen, long total) {
        var amount = new AmountReq();
        amount.setRefund(fen);
        amount.setTotal(total);
        amount.setCurrency("CNY");
        var request = new CreateRequest();
        request.setOutTradeNo("W-100001");
        request.setOutRefundNo(number);
        request.setAmount(amount);
        return request;
    }

    private PrepayRequest order(String outTradeNo, int fen) {
        var amount = new Amount();
        amount.setTotal(fen);
        amount.setCurrency("CNY");
        var request = new PrepayRequest();
        request.setAppid(SandboxKeys.WECHAT_APP_ID);
        request.setMchid(SandboxKeys.WECHAT_MCH_ID);
        request.setDescription("一本书 & a pen");
        request.setOutTradeNo(outTradeNo);
        request.setNotifyUrl(sandbox.receiver.url("/callbacks/wechat/sandbox").toString());
        request.setAmount(amount);
        return request;
    }
}
