package io.tallyhook.payment.callback;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hides personal data in the text of a message, JSON or form, and leaves enough to recognise it. */
final class Masking {

    private static final String PERSONAL =
            "openid|sp_openid|sub_openid|buyer_id|buyer_open_id|buyer_logon_id|seller_email|buyer_user_name"
                    + "|user_received_account|payer_client_ip|device_id|phone|mobile|email|name";

    /** Possessive: a long value must not be matched by recursion, anybody can send one. */
    private static final Pattern IN_JSON =
            Pattern.compile("(\"(?:%s)\"\\s*:\\s*\")((?:[^\"\\\\]|\\\\.)*+)(\")".formatted(PERSONAL));

    private static final Pattern IN_FORM = Pattern.compile("((?:^|&)(?:%s)=)([^&]*)()".formatted(PERSONAL));

    private Masking() {}

    static String mask(String text) {
        var inJson = IN_JSON.matcher(text).replaceAll(Masking::masked);
        return IN_FORM.matcher(inJson).replaceAll(Masking::masked);
    }

    private static String masked(MatchResult found) {
        var value = found.group(2);
        var shown = value.length() <= 6 ? "***" : value.substring(0, 2) + "***" + value.substring(value.length() - 2);
        return Matcher.quoteReplacement(found.group(1) + shown + found.group(3));
    }
}
