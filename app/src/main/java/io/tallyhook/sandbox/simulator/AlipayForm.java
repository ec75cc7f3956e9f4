package io.tallyhook.sandbox.simulator;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Alipay's form bodies and the text that is signed of them. */
final class AlipayForm {

    private AlipayForm() {}

    /**
     * Decodes a query and a form body in the charset that their own field {@code charset} names.
     *
     * @throws AlipayError if it is not a form, or names a field twice
     */
    static SortedMap<String, String> parse(String query, byte[] body) {
        var text = query + "&" + new String(body, StandardCharsets.ISO_8859_1);
        var charset = charset(decode(text, StandardCharsets.UTF_8).getOrDefault("charset", "utf-8"));
        return decode(text, charset);
    }

    static Charset charset(String name) {
        return switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "utf-8" -> StandardCharsets.UTF_8;
            case "gbk" -> Charset.forName("GBK");
            default -> throw AlipayError.invalid("charset", "is not utf-8 or gbk");
        };
    }

    private static SortedMap<String, String> decode(String text, Charset charset) {
        var fields = new TreeMap<String, String>();
        for (var pair : text.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            var sign = pair.indexOf('=');
            try {
                var name = URLDecoder.decode(sign < 0 ? pair : pair.substring(0, sign), charset);
                if (fields.put(name, sign < 0 ? "" : URLDecoder.decode(pair.substring(sign + 1), charset)) != null) {
                    throw AlipayError.invalid(name, "is there twice");
                }
            } catch (IllegalArgumentException e) {
                throw AlipayError.invalid("the form", "cannot be decoded");
            }
        }
        return fields;
    }

    /** {@code a=1&b=2} with raw values in the order of names, without empty values and without what is left out. */
    static String signedText(SortedMap<String, String> fields, String... leftOut) {
        var out = java.util.Set.of(leftOut);
        return fields.entrySet().stream()
                .filter(field ->
                        !out.contains(field.getKey()) && !field.getValue().isEmpty())
                .map(field -> field.getKey() + "=" + field.getValue())
                .collect(Collectors.joining("&"));
    }

    static String encode(Map<String, String> fields, Charset charset) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), charset))
                .collect(Collectors.joining("&"));
    }
}
