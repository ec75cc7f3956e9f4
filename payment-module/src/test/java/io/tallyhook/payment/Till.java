package io.tallyhook.payment;

import static org.awaitility.Awaitility.await;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Payer;

/** Opens payments for tests and looks at what has become of them. */
public class Till {

    private static final AtomicLong NUMBER = new AtomicLong();

    private final Payments payments;
    private final JdbcClient jdbc;
    private final GoodsListener listener;

    Till(Payments payments, JdbcClient jdbc, GoodsListener listener) {
        this.payments = payments;
        this.jdbc = jdbc;
        this.listener = listener;
    }

    /** The number of a new payment of 19.99 CNY at this provider and account. */
    public String opened(String provider, String account) {
        return payments.open(
                        RequestId.fresh(Clock.systemUTC()),
                        request(new PaymentRequest.Channel(provider, account, "external", null, Map.of())),
                        () -> {})
                .outTradeNo();
    }

    public String opened(String provider) {
        return opened(provider, "main");
    }

    /** What is asked for when goods for 19.99 CNY are sold. */
    public static PaymentRequest request(PaymentRequest.Channel channel) {
        var reference = "O" + NUMBER.incrementAndGet();
        return new PaymentRequest(
                new Purpose("GOODS"), reference, new UserId("user-" + reference), Money.fen(1999), "两件商品", channel);
    }

    public static PaymentRequest atTheBank() {
        return request(Payer.by("till"));
    }

    public String closed(String provider) {
        var outTradeNo = opened(provider);
        payments.close(outTradeNo);
        return outTradeNo;
    }

    public Payment payment(String outTradeNo) {
        return payments.get(outTradeNo);
    }

    /** The payment when its module has answered. */
    public Payment settled(String outTradeNo) {
        await().atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> payment(outTradeNo).fulfilment() != FulfilmentState.PENDING);
        return payment(outTradeNo);
    }

    /** How often goods were handed out for it. */
    public int handedOut(String outTradeNo) {
        return jdbc.sql("SELECT count(*) FROM handed_out WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query(Integer.class)
                .single();
    }

    /** Paid, with nobody told of it. */
    public void paidInSilence(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = 'T' || out_trade_no, paid_at = now(),
                            fulfilment = 'PENDING', due_at = now() + interval '1 day', version = version + 1
                        WHERE out_trade_no = :outTradeNo
                        """).param("outTradeNo", outTradeNo).update();
    }

    /** Lets the lease end now, if there is one. */
    public void leaseEnds(String outTradeNo) {
        jdbc.sql(
                        "UPDATE payment.payment SET due_at = now() - interval '1 s' WHERE out_trade_no = :outTradeNo AND due_at IS NOT NULL")
                .param("outTradeNo", outTradeNo)
                .update();
    }

    /** The payment as an event tells of it. */
    public ConfirmedPayment confirmed(String outTradeNo) {
        var payment = payment(outTradeNo);
        return new ConfirmedPayment(
                outTradeNo,
                payment.reference(),
                payment.userId().value(),
                payment.amount().minorUnits(),
                payment.amount().currency().getCurrencyCode(),
                payment.provider(),
                payment.account(),
                String.valueOf(payment.providerTransactionId()),
                Objects.requireNonNull(payment.paidAt()));
    }

    public GoodsListener listener() {
        return listener;
    }

    public JdbcClient jdbc() {
        return jdbc;
    }
}
