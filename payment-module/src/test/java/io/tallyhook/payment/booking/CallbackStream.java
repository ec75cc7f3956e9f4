package io.tallyhook.payment.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.fulfilment.Broom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import tallyhook.testing.WeChatNotification;

/**
 * A provider that sends callbacks over several lines, each until it is acknowledged, while something happens to the database.
 */
record CallbackStream(Door door, Till till, Broom broom, JdbcClient direct) {

    private static final int PAYMENTS = 150;
    private static final int LINES = 6;
    private static final Duration HEALED = Duration.ofMinutes(3);
    private static final String SUCCESS = "{\"code\":\"SUCCESS\"}";

    interface Trouble {

        void happens() throws Exception;
    }

    void areToldToComeAgain(String outTradeNo) {
        assertThat(send(outTradeNo)).isEqualTo("{\"code\":\"FAIL\",\"message\":\"OUR_FAULT\"}");
    }

    /** All are acknowledged in the end, and booked and handed out once. */
    void loseNothingWhen(Trouble trouble) throws Exception {
        var opened = new ArrayList<String>();
        for (int n = 0; n < PAYMENTS; n++) {
            opened.add(till.opened("wechat"));
        }
        var toSend = new ConcurrentLinkedQueue<>(opened);
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        var answers = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(LINES)) {
            var lines = new ArrayList<Future<Void>>();
            for (int line = 0; line < LINES; line++) {
                lines.add(threads.submit(line(toSend, acknowledged, answers)));
            }
            await().atMost(HEALED).pollInterval(Duration.ofMillis(5)).until(() -> answers.get() >= 10);
            trouble.happens();
            for (var line : lines) {
                line.get(HEALED.toSeconds(), TimeUnit.SECONDS);
            }
        }
        assertThat(acknowledged).containsExactlyInAnyOrderElementsOf(opened);
        areBookedOnce(opened);
        areHandedOutOnce(opened);
    }

    /** Sends until all are acknowledged. */
    private Callable<Void> line(ConcurrentLinkedQueue<String> toSend, Set<String> acknowledged, AtomicInteger answers) {
        return () -> {
            for (String outTradeNo; (outTradeNo = toSend.poll()) != null; ) {
                if (send(outTradeNo).equals(SUCCESS)) {
                    acknowledged.add(outTradeNo);
                    answers.incrementAndGet();
                } else {
                    toSend.add(outTradeNo);
                }
            }
            return null;
        };
    }

    private void areBookedOnce(List<String> opened) {
        assertThat(direct.sql("""
                                SELECT t FROM unnest(:numbers::text[]) t JOIN payment.payment p ON p.out_trade_no = t
                                WHERE p.state <> 'PAID'
                                   OR (SELECT count(*) FROM payment.callback c
                                       WHERE c.out_trade_no = t AND c.outcome = 'CONFIRMED') <> 1
                                """)
                        .param("numbers", opened.toArray(String[]::new))
                        .query(String.class)
                        .list())
                .as("acknowledged and not booked once")
                .isEmpty();
    }

    private void areHandedOutOnce(List<String> opened) {
        await().atMost(HEALED).until(() -> nothingIsDue(opened));
        assertThat(opened)
                .allSatisfy(outTradeNo -> assertThat(till.handedOut(outTradeNo)).isEqualTo(1));
    }

    private boolean nothingIsDue(List<String> opened) {
        try {
            opened.forEach(till::leaseEnds);
            broom.use();
            return opened.stream()
                    .allMatch(outTradeNo -> till.payment(outTradeNo).nextAttemptAt() == null);
        } catch (DataAccessException | TransactionException stillBroken) {
            return false;
        }
    }

    private String send(String outTradeNo) {
        return door.send(WeChatNotification.paid(outTradeNo, 1999)).body();
    }
}
