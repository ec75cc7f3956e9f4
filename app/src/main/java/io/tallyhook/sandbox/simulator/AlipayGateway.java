package io.tallyhook.sandbox.simulator;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Alipay's gateway: checks who is calling, routes by method, and signs the raw text of what it answers. */
final class AlipayGateway {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final SandboxKeys keys;
    private final AlipayTrades trades;
    private final AlipayRefunds refunds;
    private final PayerPages pages;

    AlipayGateway(SandboxKeys keys, AlipayTrades trades, AlipayRefunds refunds, PayerPages pages) {
        this.keys = keys;
        this.trades = trades;
        this.refunds = refunds;
        this.pages = pages;
    }

    ApiAnswer answer(ApiRequest request) {
        var charset = StandardCharsets.UTF_8;
        var node = "error_response";
        try {
            var fields = AlipayForm.parse(request.rawQuery(), request.body());
            charset = AlipayForm.charset(fields.getOrDefault("charset", "utf-8"));
            authenticate(fields, charset);
            var method = fields.getOrDefault("method", "");
            node = method.replace('.', '_') + "_response";
            var content = content(fields);
            return switch (method) {
                case "alipay.trade.page.pay", "alipay.trade.wap.pay", "alipay.trade.app.pay" ->
                    ApiAnswer.redirectTo(pages.of(
                            SimulatedProvider.ALIPAY,
                            trades.open(fields, content).outTradeNo()));
                case "alipay.trade.precreate" -> signed(node, success(trades.precreate(fields, content)), charset);
                case "alipay.trade.query" -> signed(node, success(trades.query(content)), charset);
                case "alipay.trade.close" -> signed(node, success(trades.close(content)), charset);
                case "alipay.trade.refund" -> signed(node, success(refunds.create(content)), charset);
                case "alipay.trade.fastpay.refund.query" -> signed(node, success(refunds.find(content)), charset);
                default -> throw new AlipayError("40002", "isv.invalid-method", "不存在的方法名: " + method);
            };
        } catch (AlipayError e) {
            return signed(node, failure(e), charset);
        }
    }

    private void authenticate(SortedMap<String, String> fields, Charset charset) {
        required(fields, "app_id", SandboxKeys.ALIPAY_APP_ID);
        required(fields, "sign_type", "RSA2");
        required(fields, "version", "1.0");
        if (!fields.getOrDefault("timestamp", "").matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d")) {
            throw AlipayError.invalid("timestamp", "must look like 2026-01-01 12:00:00");
        }
        var text = AlipayForm.signedText(fields, "sign").getBytes(charset);
        if (!Rsa.verifies(keys.alipayApp().getPublic(), text, fields.getOrDefault("sign", ""))) {
            throw new AlipayError("40002", "isv.invalid-signature", "验签出错: the sign does not fit the parameters");
        }
    }

    private static void required(Map<String, String> fields, String name, String expected) {
        if (!expected.equals(fields.get(name))) {
            throw AlipayError.invalid(name, "must be " + expected);
        }
    }

    private static JsonNode content(Map<String, String> fields) {
        try {
            var content = JSON.readTree(fields.getOrDefault("biz_content", ""));
            if (content.isObject()) {
                return content;
            }
        } catch (JacksonException e) {
            throw AlipayError.invalid("biz_content", "is not JSON");
        }
        throw AlipayError.invalid("biz_content", "is not a JSON object");
    }

    private static Map<String, Object> success(Map<String, Object> content) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("code", "10000");
        answer.put("msg", "Success");
        answer.putAll(content);
        return answer;
    }

    private static Map<String, Object> failure(AlipayError error) {
        var answer = new LinkedHashMap<String, Object>();
        answer.put("code", error.code());
        answer.put("msg", error.generalText());
        answer.put("sub_code", error.subCode());
        answer.put("sub_msg", error.text());
        return answer;
    }

    private ApiAnswer signed(String node, Map<String, Object> content, Charset charset) {
        var text = JSON.writeValueAsString(content);
        var sign = Rsa.sign(keys.alipay().getPrivate(), text.getBytes(charset));
        var body = "{\"%s\":%s,\"sign\":\"%s\"}".formatted(node, text, sign);
        return new ApiAnswer(
                200, Map.of("Content-Type", "text/html;charset=" + charset.name()), body.getBytes(charset));
    }
}
