package io.tallyhook.payment.fulfilment;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings back what was lost: every few seconds it takes the payments whose lease has ended and hands them to their
 * listeners again. The only retry there is; any number of instances may run it.
 */
@Component
public class Sweep {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final ApplicationEventPublisher events;
    private final ListenerPool listeners;
    private final FulfilmentSettings settings;
    private final Set<String> purposes;

    Sweep(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            ApplicationEventPublisher events,
            ListenerPool listeners,
            FulfilmentSettings settings,
            Set<Purpose> purposes) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.events = events;
        this.listeners = listeners;
        this.settings = settings;
        this.purposes = purposes.stream().map(Purpose::code).collect(Collectors.toSet());
    }

    @Scheduled(fixedDelayString = "${tallyhook.fulfilment.sweep-every:5s}")
    void sweep() {
        while (listeners.hasRoom() && handOutDue() == settings.sweepBatch()) {
            log.debug("More payments are due than one batch holds");
        }
    }

    /** Hands out one batch of due payments. @return how many it took */
    int handOutDue() {
        return claim("due_at <= now()", "");
    }

    /** Hands out this payment at once, if it is due. */
    public void handOut(String outTradeNo) {
        claim("out_trade_no = :outTradeNo", outTradeNo);
    }

    private int claim(String which, String outTradeNo) {
        var taken = transaction.execute(status -> {
            var claimed = jdbc.sql("""
                            WITH due AS (
                              SELECT out_trade_no FROM payment.payment
                              WHERE %s AND due_at IS NOT NULL
                              ORDER BY due_at
                              LIMIT :batch
                              FOR NO KEY UPDATE SKIP LOCKED)
                            UPDATE payment.payment p
                            SET attempts = attempts + 1, due_at = now() + make_interval(secs => :lease)
                            FROM due WHERE p.out_trade_no = due.out_trade_no
                            RETURNING p.out_trade_no, p.purpose, p.reference, p.user_id, p.amount, p.currency,
                                      p.provider, p.account, p.provider_transaction_id, p.paid_at,
                                      p.attempts, p.fulfilment,
                                      coalesce(p.received_amount, p.amount) AS received
                            """.formatted(which))
                    .param("outTradeNo", outTradeNo)
                    .param("batch", settings.sweepBatch())
                    .param("lease", settings.lease().toSeconds())
                    .query(Claimed::of)
                    .list();
            handOut(claimed);
            return claimed.size();
        });
        return taken;
    }

    private void handOut(List<Claimed> claimed) {
        var parts = new LinkedHashMap<Part, List<ConfirmedPayment>>();
        for (var payment : claimed) {
            if (!purposes.contains(payment.purpose())) {
                park(payment, ParkingReason.NO_LISTENER);
            } else if (payment.attempts() > settings.maxAttempts()) {
                park(payment, payment.everFailed() ? ParkingReason.RETRIES_EXHAUSTED : ParkingReason.NO_LISTENER);
            } else {
                extendLease(payment);
                parts.computeIfAbsent(Part.of(payment), any -> new ArrayList<>())
                        .add(payment.payment());
            }
        }
        parts.forEach((part, payments) -> {
            for (int from = 0; from < payments.size(); from += part.together()) {
                var few = List.copyOf(payments.subList(from, Math.min(from + part.together(), payments.size())));
                events.publishEvent(new PaymentsConfirmed(part.purpose(), few, true));
            }
        });
    }

    /**
     * Payments that go into events together, and how many into one. Who never answers may have killed its listener, and
     * whoever is in the same event dies with it each time; so after a few attempts they are parted.
     */
    private record Part(String purpose, int together) {

        static Part of(Claimed claimed) {
            return new Part(
                    claimed.purpose(),
                    claimed.attempts() <= 2 ? Integer.MAX_VALUE / 2 : claimed.attempts() <= 4 ? 10 : 1);
        }
    }

    /** A payment that has been handed out often waits longer each time, so that a hopeless one costs little. */
    private void extendLease(Claimed claimed) {
        var gap = settings.gap(claimed.attempts());
        if (gap.compareTo(settings.lease()) > 0) {
            jdbc.sql("""
                            UPDATE payment.payment SET due_at = now() + make_interval(secs => :gap)
                            WHERE out_trade_no = :outTradeNo
                            """)
                    .param("gap", gap.toSeconds())
                    .param("outTradeNo", claimed.payment().outTradeNo())
                    .update();
        }
    }

    private void park(Claimed claimed, ParkingReason reason) {
        log.error(
                "Payment {} is paid but was not handed out in {} attempts: parked, {}. A person must look at it.",
                claimed.payment().outTradeNo(),
                claimed.attempts() - 1,
                reason);
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'PARKED', fulfilment_reason = :reason, due_at = NULL, version = version + 1
                        WHERE out_trade_no = :outTradeNo AND fulfilment IN ('PENDING', 'FAILED')
                        """)
                .param("outTradeNo", claimed.payment().outTradeNo())
                .param("reason", reason.name())
                .update();
    }

    /** @param everFailed by its state: a payment that only waits has an error too, which says why */
    private record Claimed(ConfirmedPayment payment, String purpose, int attempts, boolean everFailed) {

        static Claimed of(ResultSet row, int number) throws SQLException {
            return new Claimed(
                    DuePayments.confirmedPayment(row, number),
                    row.getString("purpose"),
                    row.getInt("attempts"),
                    row.getString("fulfilment").equals("FAILED"));
        }
    }
}
