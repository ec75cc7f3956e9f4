package io.tallyhook.sandbox.simulator;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/** The numbers that providers give: 28 digits that begin with the day in Beijing. */
final class Numbers {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyyMMdd").withZone(WeChatDocuments.BEIJING);

    private Numbers() {}

    static String weChatTransaction(Instant now) {
        return "420000" + DAY.format(now) + digits(14);
    }

    static String alipayTrade(Instant now) {
        return DAY.format(now) + "22001" + digits(15);
    }

    static String refund(Instant now) {
        return "503000" + DAY.format(now) + digits(14);
    }

    private static String digits(int count) {
        var digits = new StringBuilder();
        ThreadLocalRandom.current().ints(count, 0, 10).forEach(digits::append);
        return digits.toString();
    }
}
