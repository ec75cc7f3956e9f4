package io.tallyhook.payment.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.board.BoardLine;
import io.tallyhook.payment.board.Cause;
import io.tallyhook.payment.board.Repair;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/money-without-goods")
class MoneyWithoutGoodsController {

    private final Board board;

    MoneyWithoutGoodsController(Board board) {
        this.board = board;
    }

    @GetMapping
    Page<LineView> lines(
            @RequestParam(required = false) @Nullable BoardKind kind,
            @RequestParam(required = false) @Nullable String purpose,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        return board.lines(new BoardFilter(kind, purpose, null), Paging.of(limit, cursor))
                .map(LineView::of);
    }

    /** A line of the board as the shop's back end sees it; {@code asked} says why its policy has left it to a person. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LineView(
            String id,
            BoardKind kind,
            Cause cause,
            Instant since,
            String outTradeNo,
            String purpose,
            String reference,
            String userId,
            long amount,
            String currency,
            @Nullable String refundNo,
            @Nullable String callbackId,
            @Nullable String detail,
            @Nullable String asked,
            List<Repair> repairs) {

        static LineView of(BoardLine line) {
            return new LineView(
                    line.id(),
                    line.kind(),
                    line.cause(),
                    line.since(),
                    line.outTradeNo(),
                    line.purpose(),
                    line.reference(),
                    line.userId().value(),
                    line.amount().minorUnits(),
                    line.amount().currency().getCurrencyCode(),
                    line.refundNo(),
                    line.callbackId(),
                    line.detail(),
                    line.asked(),
                    line.repairs());
        }
    }
}
