package io.tallyhook.payment.board;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import org.springframework.stereotype.Component;

/** The lines of a payment as they are right now: whoever presses a button may look at an old page. */
@Component
class OpenLines {

    private final BoardRows rows;

    OpenLines(BoardRows rows) {
        this.rows = rows;
    }

    /** @throws Refusal 409 if the line is gone, or this is none of its repairs any more */
    void require(String outTradeNo, String line, Repair repair) {
        boolean possible = rows.page(BoardFilter.of(outTradeNo), new Paging(Paging.MAX_LIMIT, null)).items().stream()
                .anyMatch(one -> one.id().equals(line) && one.may(repair));
        if (!possible) {
            throw nothingToRepair(outTradeNo);
        }
    }

    static Refusal nothingToRepair(String outTradeNo) {
        return Refusal.conflict(
                "nothing-to-repair",
                "Payment %s has changed: this repair does not fit any more. Look at it again.".formatted(outTradeNo));
    }
}
