package io.tallyhook.payment.booking;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Reads payments for decisions, locked or not. */
@Repository
public class PaymentsUnderDecision {

    private static final String COLUMNS = """
            SELECT out_trade_no, purpose, reference, user_id, provider, account, amount,
                   coalesce(received_amount, amount) AS received, currency, state, version,
                   provider_transaction_id, paid_at, refunded_amount, fulfilment, fulfilment_reason, credited_as
            """;

    /**
     * Whatever the statistics of tables that grow say, this goes by the index of the thing that is paid: the OFFSET keeps the
     * state out, by which the planner would else look through all that is open.
     */
    private static final String OPEN_SIBLINGS = """
            , EXISTS (SELECT FROM (SELECT out_trade_no, state FROM payment.payment
                                   WHERE purpose = p.purpose AND reference = p.reference
                                   OFFSET 0) s
                      WHERE s.state = 'PENDING' AND s.out_trade_no <> p.out_trade_no) AS open_siblings
            """;

    private static final String NAMED = """
            FROM payment.payment p
            WHERE out_trade_no = ANY (:numbers)
            ORDER BY out_trade_no
            """;

    private static final String LOCKED = NAMED + "FOR NO KEY UPDATE OF p";

    static final String LOCKED_WITH_SIBLINGS = COLUMNS + OPEN_SIBLINGS + LOCKED;

    private final JdbcClient jdbc;

    PaymentsUnderDecision(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Locks the payments, in the order that everybody locks them in. */
    public Map<String, KnownPayment> lock(Collection<String> outTradeNos) {
        return read(COLUMNS + LOCKED, outTradeNos, PaymentsUnderDecision::payment);
    }

    /** Locks the payments like {@link #lock} and says, without a question of its own, which have other open attempts. */
    Locked lockWithSiblings(Collection<String> outTradeNos) {
        var withSiblings = new HashSet<String>();
        var payments = read(LOCKED_WITH_SIBLINGS, outTradeNos, row -> {
            if (row.getBoolean("open_siblings")) {
                withSiblings.add(row.getString("out_trade_no"));
            }
            return payment(row);
        });
        return new Locked(payments, withSiblings);
    }

    /**
     * Payments that are locked, by number.
     *
     * @param withOpenSiblings the numbers of those for whose thing another attempt is open
     */
    record Locked(Map<String, KnownPayment> payments, Set<String> withOpenSiblings) {}

    private interface ReadsRow {

        KnownPayment read(ResultSet row) throws SQLException;
    }

    /** The payments as they stand, for a look only. */
    public Map<String, KnownPayment> look(Collection<String> outTradeNos) {
        return read(COLUMNS + NAMED, outTradeNos, PaymentsUnderDecision::payment);
    }

    private Map<String, KnownPayment> read(String sql, Collection<String> outTradeNos, ReadsRow reader) {
        var numbers = outTradeNos.stream().distinct().sorted().toArray(String[]::new);
        var payments = jdbc.sql(sql)
                .param("numbers", numbers)
                .query((row, number) -> reader.read(row))
                .list();
        var withRefunds = payments.stream()
                .filter(payment -> payment.state().wasPaid())
                .map(KnownPayment::outTradeNo)
                .toList();
        var refunds = refunds(withRefunds);
        var byNumber = new HashMap<String, KnownPayment>();
        for (var payment : payments) {
            byNumber.put(payment.outTradeNo(), payment.with(refunds.getOrDefault(payment.outTradeNo(), Map.of())));
        }
        return byNumber;
    }

    private Map<String, Map<String, KnownRefund>> refunds(List<String> outTradeNos) {
        if (outTradeNos.isEmpty()) {
            return Map.of();
        }
        record Row(String outTradeNo, KnownRefund refund) {}
        return jdbc
                .sql("""
                        SELECT r.out_trade_no, r.refund_no, r.amount, p.currency, r.state,
                               r.needs_approval AND r.approved_at IS NULL AS unapproved, r.given_up_at IS NOT NULL AS given_up
                        FROM payment.refund r JOIN payment.payment p USING (out_trade_no)
                        WHERE r.out_trade_no = ANY (:numbers)
                        """)
                .param("numbers", outTradeNos.toArray(String[]::new))
                .query((row, number) -> new Row(
                        row.getString("out_trade_no"),
                        new KnownRefund(
                                row.getString("refund_no"),
                                Money.of(row.getLong("amount"), row.getString("currency")),
                                KnownRefund.State.valueOf(row.getString("state")),
                                row.getBoolean("unapproved"),
                                row.getBoolean("given_up"))))
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Row::outTradeNo, Collectors.toMap(row -> row.refund().refundNo(), Row::refund)));
    }

    private static KnownPayment payment(ResultSet row) throws SQLException {
        var currency = row.getString("currency");
        return new KnownPayment(
                row.getString("out_trade_no"),
                row.getString("purpose"),
                row.getString("reference"),
                new UserId(row.getString("user_id")),
                row.getString("provider"),
                row.getString("account"),
                Money.of(row.getLong("amount"), currency),
                row.getInt("version"),
                progress(row, currency),
                Map.of(),
                row.getString("credited_as"));
    }

    private static Progress progress(ResultSet row, String currency) throws SQLException {
        var reason = row.getString("fulfilment_reason");
        Timestamp paidAt = row.getTimestamp("paid_at");
        return new Progress(
                PaymentState.valueOf(row.getString("state")),
                Money.of(row.getLong("received"), currency),
                row.getString("provider_transaction_id"),
                paidAt == null ? null : paidAt.toInstant(),
                Money.of(row.getLong("refunded_amount"), currency),
                FulfilmentState.valueOf(row.getString("fulfilment")),
                reason == null ? null : ParkingReason.valueOf(reason));
    }
}
