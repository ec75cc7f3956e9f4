package io.tallyhook.payment.board;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.asking.Answer;
import io.tallyhook.payment.booking.RefundsMoved;
import io.tallyhook.payment.fulfilment.Sweep;
import io.tallyhook.payment.policy.CreditToWallet;
import io.tallyhook.payment.policy.CreditToWallet.Outcome;
import io.tallyhook.payment.policy.Reopen;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a person does about a line of the board. Each is refused (409) where it is not one of the line's repairs any more, and
 * recorded under his name.
 */
@Component
public class Repairs {

    private final BoardRows rows;
    private final Payments payments;
    private final Refunds refunds;
    private final Reopen reopen;
    private final CreditToWallet credit;
    private final Sweep sweep;
    private final RefundsMoved moved;
    private final Interventions interventions;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    Repairs(
            BoardRows rows,
            Payments payments,
            Refunds refunds,
            Reopen reopen,
            CreditToWallet credit,
            Sweep sweep,
            RefundsMoved moved,
            Interventions interventions,
            JdbcClient jdbc,
            PlatformTransactionManager transactions) {
        this.rows = rows;
        this.payments = payments;
        this.refunds = refunds;
        this.reopen = reopen;
        this.credit = credit;
        this.sweep = sweep;
        this.moved = moved;
        this.interventions = interventions;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Lets the module decide anew about a payment that was paid after it was closed.
     *
     * @throws Refusal 404 if there is no such payment; 409 if it is not parked for that, or a refund of it is under way
     */
    public void reopen(String outTradeNo, String actor) {
        payments.get(outTradeNo);
        transaction.executeWithoutResult(status -> {
            if (!reopen.reopen(outTradeNo)) {
                throw nothingToRepair(outTradeNo);
            }
            interventions.record(
                    actor, "REOPEN_PAYMENT", outTradeNo, InterventionResult.of(Code.REOPENED, ParkingReason.LATE));
        });
        sweep.handOut(outTradeNo);
    }

    /**
     * Gives back all of a parked payment that is neither given back nor about to be.
     *
     * @param refundNo the same one again is the same refund
     * @throws Refusal 404; 409 if nothing is left of it, or it is not on the board for that
     */
    public Refund refund(String outTradeNo, String refundNo, String reason, String actor) {
        var known = refunds.of(outTradeNo).stream()
                .filter(refund -> refund.refundNo().equals(refundNo))
                .findFirst();
        if (known.isPresent()) {
            return known.get();
        }
        require(outTradeNo, "payment/" + outTradeNo, Repair.REFUND);
        var left = left(payments.get(outTradeNo));
        if (!left.isPositive()) {
            throw nothingToRepair(outTradeNo);
        }
        return refunds.request(new RefundRequest(outTradeNo, refundNo, left.minorUnits(), reason, actor));
    }

    /**
     * Makes all of a parked payment balance of its payer's wallet. One that is there already stays there.
     *
     * @param reason why; shown with the balance
     * @throws Refusal 400 without a reason; 404; 409 if it does not wait for a decision or a part of it goes back; and what the
     *     wallet says
     */
    public void creditToWallet(String outTradeNo, String reason, String actor) {
        var text = requireText("reason", reason, "must be 1 to 200 characters that say why");
        transaction.executeWithoutResult(status -> {
            switch (credit.credit(outTradeNo, actor, text)) {
                case Outcome.Credited(var reference, var before)
                when !before ->
                    interventions.record(
                            actor,
                            "CREDIT_TO_WALLET",
                            outTradeNo,
                            InterventionResult.of(Code.CREDITED, reference, text));
                case Outcome.Credited(var reference, var before) -> {}
                case Outcome.Refused(var refusal) -> throw refusal;
            }
        });
    }

    /**
     * Asks the provider about a refund, or its module, again now.
     *
     * @throws Refusal 404; 409 if it has ended and its module knows
     */
    public Refund retryRefund(String outTradeNo, String refundNo, String actor) {
        if (refunds.get(outTradeNo, refundNo).isUnderWay()) {
            return refunds.tryAgain(outTradeNo, refundNo, actor);
        }
        transaction.executeWithoutResult(status -> {
            int due = jdbc.sql("""
                            UPDATE payment.refund SET unwind_due_at = now()
                            WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND unwind_due_at IS NOT NULL
                            """)
                    .param("outTradeNo", outTradeNo)
                    .param("refundNo", refundNo)
                    .update();
            if (due == 0) {
                throw nothingToRepair(outTradeNo);
            }
            interventions.record(
                    actor, "RETRY_REFUND", outTradeNo, InterventionResult.of(Code.REFUND_TOLD_AGAIN, refundNo));
        });
        moved.hint();
        return refunds.get(outTradeNo, refundNo);
    }

    /**
     * Asks the provider about a payment that is open here: if it is paid, that is booked, and the line goes. Must not be called
     * in a transaction.
     *
     * @throws Refusal 404; 409 if the line is gone, or its account has no keys to ask with
     */
    public Answer ask(String outTradeNo, String line, String actor) {
        require(outTradeNo, line, Repair.ASK_PROVIDER);
        return payments.ask(outTradeNo, actor);
    }

    /**
     * Takes a line off the board that was settled outside of this system. Books nothing.
     *
     * @param line its id
     * @param note how it was settled
     * @throws Refusal 400 without a note; 409 if there is no such line, or it can be repaired here
     */
    public void settle(String outTradeNo, String line, String note, String actor) {
        var text = requireText("note", note, "must be 1 to 200 characters that say how it was settled");
        require(outTradeNo, line, Repair.SETTLE);
        transaction.executeWithoutResult(status -> {
            int added = jdbc.sql("""
                            INSERT INTO payment.dealt_with (line, out_trade_no, at, actor, note)
                            VALUES (:line, :outTradeNo, now(), :actor, :note)
                            ON CONFLICT DO NOTHING
                            """)
                    .param("line", line)
                    .param("outTradeNo", outTradeNo)
                    .param("actor", actor)
                    .param("note", text)
                    .update();
            if (added == 1) {
                interventions.record(actor, "SETTLE_OUTSIDE", outTradeNo, InterventionResult.of(Code.SETTLED, text));
            }
        });
    }

    private static String requireText(String field, String said, String rule) {
        var text = said.strip();
        if (text.isEmpty() || text.length() > 200 || text.chars().anyMatch(Character::isISOControl)) {
            throw Refusal.badField(field, rule);
        }
        return text;
    }

    private void require(String outTradeNo, String line, Repair repair) {
        boolean possible = rows.page(BoardFilter.of(outTradeNo), new Paging(Paging.MAX_LIMIT, null)).items().stream()
                .anyMatch(one -> one.id().equals(line) && one.may(repair));
        if (!possible) {
            throw nothingToRepair(outTradeNo);
        }
    }

    private Money left(Payment payment) {
        return refunds.of(payment.outTradeNo()).stream()
                .filter(refund -> !refund.state().equals("FAILED"))
                .map(Refund::amount)
                .reduce(payment.received(), Money::minus);
    }

    private static Refusal nothingToRepair(String outTradeNo) {
        return Refusal.conflict(
                "nothing-to-repair",
                "Payment %s has changed: this repair does not fit any more. Look at it again.".formatted(outTradeNo));
    }
}
