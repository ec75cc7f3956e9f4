package io.tallyhook.admin;

import io.tallyhook.payment.Refund;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** What people did about a payment, newest first: what was recorded of them, and the refunds that stand under their names. */
final class Deeds {

    /** Programs and policies have it in their names, and no person has. */
    private static final String NO_PERSON = ":";

    private Deeds() {}

    static List<Intervention> of(List<Intervention> recorded, List<Refund> refunds) {
        return Stream.concat(recorded.stream(), refunds.stream().flatMap(Deeds::asked))
                .sorted(Comparator.comparing(Intervention::at).reversed())
                .toList();
    }

    private static Stream<Intervention> asked(Refund refund) {
        var person = refund.requestedBy();
        return person == null || person.contains(NO_PERSON)
                ? Stream.empty()
                : Stream.of(new Intervention(refund.createdAt(), person, "REQUEST_REFUND", refund.refundNo(), null));
    }
}
