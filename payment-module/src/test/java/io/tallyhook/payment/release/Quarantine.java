package io.tallyhook.payment.release;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.PaymentsUnderDecision;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.callback.QuarantinedDeliveries;
import io.tallyhook.payment.policy.AmountPolicy;
import io.tallyhook.payment.policy.PolicyBench;
import io.tallyhook.payment.policy.ReleasedRefunds;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tallyhook.testing.WeChatNotification;

/** Brings genuine deliveries of other amounts than 19.99 CNY in, and cuts off what releases them where a test says so. */
@TestComponent
public class Quarantine {

    private final Door door;
    private final Till till;
    private final Callbacks callbacks;
    private final PolicyBench bench;
    private final Untouched untouched;
    private final QuarantinedDeliveries deliveries;
    private final PaymentsUnderDecision payments;
    private final ExamineDelivery examine;
    private final ReleaseRows rows;
    private final BookRelease book;
    private final ReleasedRefunds refunds;
    private final PlatformTransactionManager transactions;
    private final JdbcClient jdbc;

    Quarantine(
            Door door,
            Till till,
            Callbacks callbacks,
            PolicyBench bench,
            Untouched untouched,
            QuarantinedDeliveries deliveries,
            PaymentsUnderDecision payments,
            ExamineDelivery examine,
            ReleaseRows rows,
            BookRelease book,
            ReleasedRefunds refunds,
            PlatformTransactionManager transactions,
            JdbcClient jdbc) {
        this.door = door;
        this.till = till;
        this.callbacks = callbacks;
        this.bench = bench;
        this.untouched = untouched;
        this.deliveries = deliveries;
        this.payments = payments;
        this.examine = examine;
        this.rows = rows;
        this.book = book;
        this.refunds = refunds;
        this.transactions = transactions;
        this.jdbc = jdbc;
    }

    /** The number of an open payment that a delivery says was paid with this. */
    public String paidWith(long fen) {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, fen));
        return outTradeNo;
    }

    /** The newest delivery about it. */
    public String delivery(String outTradeNo) {
        return callbacks
                .search(CallbackFilter.of(outTradeNo), new Paging(1, null))
                .items()
                .getFirst()
                .callbackId()
                .toString();
    }

    /** It is confirmed by somebody who is killed right after the commit. */
    void isConfirmedByOneWhoDies(Release proposal, String actor) {
        var delivery = deliveries.verify(proposal.callbackId().toString());
        var number = proposal.outTradeNo();
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            var payment = payments.lock(List.of(number)).get(number);
            rows.decide(proposal.id(), Release.State.RELEASED, actor, null);
            var accepted = examine.accept(delivery.booking(), payment, proposal.action(), proposal.received());
            book.book(accepted, "GOODS", proposal.action(), proposal.reason(), proposal.proposedBy());
        });
    }

    /** A policy that gives back up to this much, as an installation would run it that is configured so. */
    ReleaseByPolicy givingBack(long atMost) {
        return with(bench.givingBackOtherAmounts(atMost));
    }

    ReleaseByPolicy with(AmountPolicy policy) {
        return new ReleaseByPolicy(policy, untouched, deliveries, payments, examine, rows, book, refunds, transactions);
    }

    /** As {@link #paidWith}, for a purpose that no other test decides about. */
    String giftPaidWith(long fen) {
        var outTradeNo = RequestId.fresh(Clock.systemUTC()).number('P');
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at)
                        VALUES (:no, 'GIFT', :no, 'user-gift', 0, 'wechat', 'main', 'external', 'a gift', 1999, 'CNY', now())
                        """).param("no", outTradeNo).update();
        door.send(WeChatNotification.paid(outTradeNo, fen));
        return outTradeNo;
    }

    /** Until nothing is left to be decided. */
    static void decideAll(ReleaseByPolicy policy) {
        int decided = 0;
        while (policy.decideOne()) {
            if (++decided > 1_000) {
                throw new IllegalStateException("It decides about the same again and again");
            }
        }
    }

    /** Everybody does it at the same moment. */
    static void together(Runnable... all) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var one : all) {
                threads.execute(one);
            }
        }
    }
}
