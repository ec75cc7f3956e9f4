package io.tallyhook.payment.refund;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.booking.KnownPayment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The refunds that were sent and get no clear answer, and what persons propose about them. */
@Repository
public class HopelessRefunds {

    /** Of rows of {@code payment.refund} named r; what waits for a second person was never sent. */
    public static final String HOPELESS = """
            (r.stuck_at IS NOT NULL
             OR r.due_at < 'infinity' AND r.error IS NOT NULL
                AND coalesce(r.approved_at, r.created_at) < now() - make_interval(secs => :giveUpAfter))
            """;

    private final JdbcClient jdbc;
    private final RefundSettings settings;
    private final Interventions interventions;

    HopelessRefunds(JdbcClient jdbc, RefundSettings settings, Interventions interventions) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.interventions = interventions;
    }

    /** One of them, locked. */
    record HopelessRefund(Optional<Proposal> proposal) {}

    /**
     * What is proposed.
     *
     * @param amount of the refund, in minor units
     * @param nobodySends whether whoever took the refund on before the proposal has come to an end with it
     */
    record Proposal(String by, boolean paidOut, String reason, long amount, boolean nobodySends) {

        Money amountOf(KnownPayment payment) {
            return new Money(amount, payment.amount().currency());
        }

        private InterventionResult result(String refundNo) {
            return InterventionResult.of(Code.GIVING_UP, refundNo, paidOut ? "SUCCEEDED" : "FAILED", reason);
        }
    }

    /** Locks it, if it is one. */
    Optional<HopelessRefund> lock(String outTradeNo, String refundNo) {
        return jdbc.sql("""
                        SELECT give_up_as, give_up_reason, give_up_by, amount,
                               give_up_at <= clock_timestamp() - make_interval(secs => :lease) AS nobody_sends
                        FROM payment.refund r
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND %s
                        FOR NO KEY UPDATE
                        """.formatted(HOPELESS))
                .param("outTradeNo", outTradeNo)
                .param("refundNo", refundNo)
                .param("lease", settings.lease().toSeconds())
                .param("giveUpAfter", settings.giveUpAfter().toSeconds())
                .query(HopelessRefunds::hopeless)
                .optional();
    }

    private static HopelessRefund hopeless(ResultSet row, int number) throws SQLException {
        var as = row.getString("give_up_as");
        if (as == null) {
            return new HopelessRefund(Optional.empty());
        }
        return new HopelessRefund(Optional.of(new Proposal(
                row.getString("give_up_by"),
                as.equals("SUCCEEDED"),
                row.getString("give_up_reason"),
                row.getLong("amount"),
                row.getBoolean("nobody_sends"))));
    }

    void propose(
            String outTradeNo, String refundNo, String as, String reason, @Nullable String reference, String actor) {
        update("""
                give_up_as = :as, give_up_reason = :reason, give_up_reference = :reference, give_up_by = :actor,
                give_up_at = clock_timestamp()
                """, outTradeNo, refundNo)
                .param("as", as)
                .param("reason", reason)
                .param("reference", reference)
                .param("actor", actor)
                .update();
        interventions.record(
                actor, "PROPOSE_GIVING_UP", outTradeNo, InterventionResult.of(Code.GIVING_UP, refundNo, as, reason));
    }

    /** In the transaction that has ended it. */
    void confirmed(String outTradeNo, String refundNo, Proposal proposal, String actor) {
        update("given_up_by = :actor, given_up_at = settled_at", outTradeNo, refundNo)
                .param("actor", actor)
                .update();
        interventions.record(actor, "GIVE_UP_REFUND", outTradeNo, proposal.result(refundNo));
    }

    void reject(String outTradeNo, String refundNo, Proposal proposal, String actor) {
        update("""
                give_up_as = NULL, give_up_reason = NULL, give_up_reference = NULL, give_up_by = NULL, give_up_at = NULL
                """, outTradeNo, refundNo).update();
        var action = proposal.by().equals(actor) ? "WITHDRAW_GIVING_UP" : "REJECT_GIVING_UP";
        interventions.record(actor, action, outTradeNo, proposal.result(refundNo));
    }

    private JdbcClient.StatementSpec update(String columns, String outTradeNo, String refundNo) {
        return jdbc.sql("""
                        UPDATE payment.refund SET %s
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                        """.formatted(columns)).param("outTradeNo", outTradeNo).param("refundNo", refundNo);
    }
}
