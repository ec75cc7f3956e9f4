package io.tallyhook.payment.simulation;

import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.provider.Answer;
import io.tallyhook.payment.provider.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/** The notices between the providers and us: each is sent until its answer arrives, and may come again long after that. */
final class Mail {

    private final Cast cast;
    private final SplittableRandom random;
    private final List<Notice> unanswered = new ArrayList<>();
    private final List<Notice> acknowledged = new ArrayList<>();

    Mail(Cast cast, SplittableRandom random) {
        this.cast = cast;
        this.random = random;
    }

    void post(Notice notice) {
        unanswered.add(notice);
    }

    List<Notice> unanswered() {
        return List.copyOf(unanswered);
    }

    /** A group of what happens to be under way; some of it twice, some of it answered long ago. */
    List<Notice> group() {
        var group = new ArrayList<Notice>();
        int size = 1 + random.nextInt(4);
        while (group.size() < size && !(unanswered.isEmpty() && acknowledged.isEmpty())) {
            boolean again = unanswered.isEmpty() || (!acknowledged.isEmpty() && random.nextInt(4) == 0);
            var some = again ? acknowledged : unanswered;
            group.add(some.get(random.nextInt(some.size())));
        }
        return group;
    }

    /** It was decided, and the decision is committed; the answer may get lost all the same. */
    void decided(Notice notice, Decision decision) {
        var truth = notice.payment() == Notice.NOBODYS
                ? null
                : cast.get(notice.payment()).truth();
        var expected = truth == null ? Outcome.UNKNOWN_PAYMENT : truth.expected(notice);
        if (decision.outcome() != expected) {
            throw new AssertionError("%s instead of %s for %s".formatted(decision.outcome(), expected, notice));
        }
        cast.sights().outcomes().add(expected);
        if (truth != null) {
            truth.booked(notice, expected);
        }
        answered(notice, expected.answer() == Answer.SUCCESS);
    }

    private void answered(Notice notice, boolean success) {
        boolean arrives = random.nextInt(8) > 0;
        boolean givesUp = random.nextInt(4) == 0;
        if (success && arrives) {
            unanswered.remove(notice);
            acknowledged.add(notice);
        } else if (!success && givesUp) {
            unanswered.remove(notice);
        }
    }

    /** Whatever was answered with success: the provider will not tell it again. */
    void nothingIsLost() {
        for (var notice : acknowledged) {
            var row = cast.world().row(cast.get(notice.payment()).number());
            if (!isIn(row, notice.booking().fact())) {
                throw new AssertionError("Acknowledged and lost: %s, %s".formatted(notice, row));
            }
        }
    }

    private static boolean isIn(Row row, Fact fact) {
        return switch (fact) {
            case Fact.Paid paid ->
                paid.providerTransactionId().equals(row.payment().providerTransactionId());
            case Fact.Refunded refund
            when refund.amount() == null ->
                row.payment().refunded().compareTo(Objects.requireNonNull(refund.refundedInAll())) >= 0
                        || row.payment().refunds().containsKey(String.valueOf(refund.refundNo()));
            case Fact.Refunded refund when refund.result() == Fact.RefundResult.ABNORMAL -> true;
            case Fact.Refunded refund -> row.payment().refunds().containsKey(String.valueOf(refund.refundNo()));
            case Fact.Closed closed -> true;
            case Fact.Unchanged nothing -> true;
        };
    }
}
