package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.LotStory.Step;
import io.tallyhook.wallet.books.LotStory.Why;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Tells what became of a lot, from the bookings that touched it. */
@Repository
class LotStories {

    /** More bookings than these of one lot are left out of the list; the steps count all. */
    static final int MOST_MOVES = 200;

    private final JdbcClient jdbc;
    private final LotMoves moves;

    LotStories(JdbcClient jdbc, LotMoves moves) {
        this.jdbc = jdbc;
        this.moves = moves;
    }

    LotStory of(UserId userId, Lot lot) {
        var refundable = lot.recharge() ? lot.principalLeft() : Money.fen(0);
        return new LotStory(
                lot,
                steps(userId, lot),
                moves.ofLot(userId.shard(), lot.lotId(), MOST_MOVES),
                refundable,
                refundable.isPositive() ? forgone(lot, refundable) : Money.fen(0));
    }

    /** How much bonus goes when this much principal is refunded, by the ledger's own rule. */
    Money forgone(Lot lot, Money amount) {
        return jdbc.sql("SELECT wallet.bonus_forgone(:principalLeft::bigint, :bonusLeft::bigint, :amount::bigint)")
                .param("principalLeft", lot.principalLeft().minorUnits())
                .param("bonusLeft", lot.bonusLeft().minorUnits())
                .param("amount", amount.minorUnits())
                .query((row, number) -> Money.fen(row.getLong(1)))
                .single();
    }

    /** A hold takes and sets aside, its capture only sets aside less: what is spent for good is the difference. */
    private List<Step> steps(UserId userId, Lot lot) {
        var steps = new ArrayList<Step>();
        steps.add(new Step(Why.GRANTED, lot.principal(), lot.bonus()));
        steps.addAll(jdbc.sql("""
                        SELECT s.why, sum(s.principal) AS principal, sum(s.bonus) AS bonus
                        FROM wallet.lot_use u
                        JOIN wallet.journal j ON j.journal_id = u.journal_id AND j.shard = u.shard
                        CROSS JOIN LATERAL (VALUES
                          (CASE j.kind WHEN 'EXPIRY'          THEN 'EXPIRED'
                                       WHEN 'SPEND_REFUND'    THEN 'GIVEN_BACK'
                                       WHEN 'RECHARGE_REFUND' THEN 'REFUNDED'
                                       WHEN 'REFUND_FAILED'   THEN 'REFUND_FAILED'
                                       WHEN 'CHARGEBACK'      THEN 'CHARGED_BACK'
                                       WHEN 'ADJUSTMENT'      THEN 'ADJUSTED'
                                       ELSE                        'SPENT' END,
                           -(u.principal - u.held_principal), -(u.bonus - u.held_bonus)),
                          ('HELD', -u.held_principal, -u.held_bonus)) AS s (why, principal, bonus)
                        WHERE u.shard = :shard AND u.lot_id = :lotId
                        GROUP BY s.why HAVING (sum(s.principal), sum(s.bonus)) <> (0, 0)
                        """)
                .param("shard", userId.shard())
                .param("lotId", lot.lotId())
                .query((row, number) -> new Step(
                        Why.valueOf(row.getString("why")),
                        Money.fen(row.getLong("principal")),
                        Money.fen(row.getLong("bonus"))))
                .list());
        steps.sort(Comparator.comparing(Step::why));
        return steps;
    }
}
