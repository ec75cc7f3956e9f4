package io.tallyhook.sandbox.simulator;

import static io.tallyhook.sandbox.simulator.SimulatedProvider.ALIPAY;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.request.AlipayTradeAppPayRequest;
import com.alipay.api.request.AlipayTradeCloseRequest;
import com.alipay.api.request.AlipayTradeFastpayRefundQueryRequest;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.alipay.api.request.AlipayTradePrecreateRequest;
import com.alipay.api.request.AlipayTradeQueryRequest;
import com.alipay.api.request.AlipayTradeRefundRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Key;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Alipay's official client against the simulator, in both charsets. */
class AlipaySimulatorTests {

    private final Sandbox sandbox = new Sandbox();

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"utf-8", "GBK"})
    void takesAnOrderAndKnowsATradeOnlyOnceItsCodeWasScanned(String charset) throws AlipayApiException {
        var client = client(charset);
        assertThat(client.execute(precreate("A-100001", "19.99")).getQrCode())
                .isEqualTo("http://shop.example/sandbox/pay/alipay/A-100001");
        assertThat(client.execute(query("A-100001")).getSubCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        sandbox.simulator.open(ALIPAY, "A-100001");
        assertThat(client.execute(query("A-100001")).getTradeStatus()).isEqualTo("WAIT_BUYER_PAY");
        assertThat(sandbox.simulator.order(ALIPAY, "A-100001").orElseThrow().description())
                .isEqualTo("一本书 & a pen");
    }

    @Test
    void givesTheSameAnswerToTheSameOrderAndRefusesAChangedOne() throws AlipayApiException {
        var client = client("utf-8");
        var first = client.execute(precreate("A-100001", "19.99")).getQrCode();
        assertThat(client.execute(precreate("A-100001", "19.99")).getQrCode()).isEqualTo(first);
        assertThat(client.execute(precreate("A-100001", "20.00")).getSubCode()).isEqualTo("ACQ.CONTEXT_INCONSISTENT");
    }

    @Test
    void closesAnUnpaidTradeAndRefusesToCloseAPaidOne() throws AlipayApiException {
        var client = client("utf-8");
        client.execute(precreate("A-100001", "19.99"));
        assertThat(client.execute(closing("A-100001")).getSubCode()).isEqualTo("ACQ.TRADE_NOT_EXIST");
        sandbox.simulator.open(ALIPAY, "A-100001");
        assertThat(client.execute(closing("A-100001")).getCode()).isEqualTo("10000");
        assertThat(client.execute(query("A-100001")).getTradeStatus()).isEqualTo("TRADE_CLOSED");
        client.execute(precreate("A-100002", "19.99"));
        sandbox.simulator.pay(ALIPAY, "A-100002");
        assertThat(client.execute(closing("A-100002")).getSubCode()).isEqualTo("ACQ.TRADE_STATUS_ERROR");
        assertThat(client.execute(query("A-100002")).getTradeStatus()).isEqualTo("TRADE_SUCCESS");
    }

    @Test
    void sendsThePayersBrowserFromTheGatewayToThePayerPage() throws Exception {
        var request = new AlipayTradePagePayRequest();
        request.setNotifyUrl(sandbox.receiver.url("/c").toString());
        request.setBizContent(content("A-100001", "19.99", "FAST_INSTANT_TRADE_PAY"));
        var address = client("utf-8").pageExecute(request, "GET").getBody();
        var answer = get(URI.create(address));
        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).hasValue("http://shop.example/sandbox/pay/alipay/A-100001");
        assertThat(sandbox.simulator.order(ALIPAY, "A-100001").orElseThrow().opened())
                .isTrue();
        assertThat(get(URI.create(address.replace("19.99", "00.01"))).body()).contains("isv.invalid-signature");
    }

    @Test
    void takesTheOrderTextOfAnAppAsTheWalletWould() throws Exception {
        var request = new AlipayTradeAppPayRequest();
        request.setNotifyUrl(sandbox.receiver.url("/c").toString());
        request.setBizContent(content("A-100001", "19.99", "QUICK_MSECURITY_PAY"));
        var text = client("utf-8").sdkExecute(request).getBody();
        var answer = get(URI.create(sandbox.simulator.alipayGateway() + "?" + text));
        assertThat(answer.statusCode()).isEqualTo(303);
    }

    @Test
    void givesMoneyBackOnceAndTellsTheSumSoFar() throws AlipayApiException {
        var client = client("utf-8");
        client.execute(precreate("A-100001", "19.99"));
        sandbox.receiver.answering(200, "success");
        sandbox.simulator.pay(ALIPAY, "A-100001");
        assertThat(client.execute(refund("R-1", "9.99")).getFundChange()).isEqualTo("Y");
        assertThat(client.execute(refund("R-1", "9.99")).getFundChange()).isEqualTo("N");
        assertThat(client.execute(refund("R-1", "9.98")).getSubCode()).isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        assertThat(client.execute(refund("R-2", "10.01")).getSubCode()).isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        assertThat(client.execute(refund("R-3", "10.00")).getRefundFee()).isEqualTo("19.99");
        var known = new AlipayTradeFastpayRefundQueryRequest();
        known.setBizContent("{\"out_trade_no\":\"A-100001\",\"out_request_no\":\"R-1\"}");
        assertThat(client.execute(known).getRefundStatus()).isEqualTo("REFUND_SUCCESS");
        var unknown = new AlipayTradeFastpayRefundQueryRequest();
        unknown.setBizContent("{\"out_trade_no\":\"A-100001\",\"out_request_no\":\"R-9\"}");
        assertThat(client.execute(unknown).getRefundStatus()).isNull();
        assertThat(sandbox.receiver.received()).hasSize(3);
        assertThat(sandbox.receiver.received().getLast().text())
                .contains("refund_fee=19.99", "trade_status=TRADE_CLOSED", "out_biz_no=R-3");
    }

    @Test
    void givesBackWhatWasReceivedAndNotWhatWasOrdered() throws AlipayApiException {
        var client = client("utf-8");
        client.execute(precreate("A-100001", "19.99"));
        sandbox.receiver.answering(200, "success");
        sandbox.simulator.misbehave(ALIPAY, "A-100001", Misbehaviour.WRONG_AMOUNT);
        assertThat(client.execute(query("A-100001")).getTotalAmount()).isEqualTo("20.00");

        assertThat(client.execute(refund("R-1", "20.01")).getSubCode()).isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
        assertThat(sandbox.simulator.order(ALIPAY, "A-100001").orElseThrow().refunded())
                .isZero();
        assertThat(client.execute(refund("R-2", "20.00")).getRefundFee()).isEqualTo("20.00");
    }

    private AlipayClient client(String charset) throws AlipayApiException {
        var keys = sandbox.simulator.keys();
        var config = new AlipayConfig();
        config.setServerUrl(sandbox.simulator.alipayGateway().toString());
        config.setAppId(SandboxKeys.ALIPAY_APP_ID);
        config.setPrivateKey(base64(keys.alipayApp().getPrivate()));
        config.setAlipayPublicKey(base64(keys.alipay().getPublic()));
        config.setCharset(charset);
        config.setSignType("RSA2");
        config.setFormat("json");
        return new DefaultAlipayClient(config);
    }

    private AlipayTradePrecreateRequest precreate(String outTradeNo, String yuan) {
        var request = new AlipayTradePrecreateRequest();
        request.setNotifyUrl(sandbox.receiver.url("/callbacks/alipay/sandbox").toString());
        request.setBizContent(content(outTradeNo, yuan, "FACE_TO_FACE_PAYMENT"));
        return request;
    }

    private static AlipayTradeQueryRequest query(String outTradeNo) {
        var request = new AlipayTradeQueryRequest();
        request.setBizContent("{\"out_trade_no\":\"%s\"}".formatted(outTradeNo));
        return request;
    }

    private static AlipayTradeCloseRequest closing(String outTradeNo) {
        var request = new AlipayTradeCloseRequest();
        request.setBizContent("{\"out_trade_no\":\"%s\"}".formatted(outTradeNo));
        return request;
    }

    private static AlipayTradeRefundRequest refund(String number, String yuan) {
        var request = new AlipayTradeRefundRequest();
        request.setBizContent("{\"out_trade_no\":\"A-100001\",\"out_request_no\":\"%s\",\"refund_amount\":\"%s\"}"
                .formatted(number, yuan));
        return request;
    }

    private static String content(String outTradeNo, String yuan, String product) {
        return "{\"out_trade_no\":\"%s\",\"total_amount\":\"%s\",\"subject\":\"一本书 & a pen\",\"product_code\":\"%s\"}"
                .formatted(outTradeNo, yuan, product);
    }

    private static HttpResponse<String> get(URI address) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String base64(Key key) {
        return Base64.getEncoder().encodeToString(key.getEncoded());
    }
}
