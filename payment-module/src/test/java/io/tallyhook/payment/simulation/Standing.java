package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.refund.StoredRefund.Look;
import io.tallyhook.payment.simulation.House.Call;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that can be seen of a payment. Times in seconds, -1 where there is none.
 *
 * @param held what it was before a refund kept it from being handed out
 * @param undecided since when it waits for a policy
 * @param nextAsk when its provider is asked, or it expires
 */
record Standing(
        Row row,
        long due,
        @Nullable FulfilmentState held,
        long undecided,
        long nextAsk,
        int asked,
        int closings,
        List<Look> refunds,
        List<Decided> decisions,
        List<Call> calls) {

    /** What the bank has given back after all stands under the number of the first refund and this. */
    static final String AFTER_ALL = "~2";

    /** What a policy has decided. */
    record Decided(
            String reason,
            String action,
            String why,
            String result,
            @Nullable String refundNo,
            int attempts,
            long due) {}

    Optional<Look> refund(String refundNo) {
        return refunds.stream()
                .filter(refund -> refund.refundNo().equals(refundNo))
                .findFirst();
    }

    /** What this number stands for now, to who says that money has gone under it. */
    String toldAs(String refundNo) {
        boolean ended = refund(refundNo)
                .filter(known -> known.isGivenUp() || known.failed() && !known.unapproved())
                .isPresent();
        return ended ? refundNo + AFTER_ALL : refundNo;
    }

    List<String> calls(String refundNo) {
        return calls.stream()
                .filter(call -> call.refundNo().equals(refundNo))
                .map(Call::word)
                .toList();
    }

    /** What has become balance of a wallet, in minor units, how often ever. */
    long credited() {
        return calls.stream()
                .filter(call -> call.what().equals("credit"))
                .mapToLong(Call::amount)
                .sum();
    }

    boolean isCredited() {
        return row.payment().creditedAs() != null;
    }

    /** Whether it was handed out or credited, so that somebody must take it back. */
    boolean isGranted() {
        return row.handedOut() > 0 || isCredited();
    }

    /** What of it was taken back and not given back again. */
    static long taken(List<Call> calls) {
        return calls.stream()
                .mapToLong(call -> switch (call.word()) {
                    case "take", "takeWhatIsLeft" -> call.amount();
                    case "giveBack" -> -call.amount();
                    default -> 0;
                })
                .sum();
    }

    /** Whether time alone will move it. */
    boolean isUnrest() {
        return row.waits()
                || undecided >= 0
                || refunds.stream().anyMatch(refund -> refund.isUnderWay() || refund.unwind() >= 0)
                || decisions.stream()
                        .anyMatch(one ->
                                !one.result().equals("DONE") && !one.result().equals("ASKS"))
                || nextAsk >= 0;
    }

    @Override
    public String toString() {
        var payment = row.payment();
        return "%s %s v%d by %s back %d, %s %s %s due %d x%d, handed out %d, held %s, undecided %d, ask %d %d %d, %s %s %s"
                .formatted(
                        payment.outTradeNo(),
                        payment.state(),
                        payment.version(),
                        payment.providerTransactionId(),
                        payment.refunded().minorUnits(),
                        payment.fulfilment(),
                        payment.reason(),
                        payment.creditedAs(),
                        due,
                        row.attempts(),
                        row.handedOut(),
                        held,
                        undecided,
                        nextAsk,
                        asked,
                        closings,
                        refunds,
                        decisions,
                        calls);
    }
}
