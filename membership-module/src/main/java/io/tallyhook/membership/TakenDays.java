package io.tallyhook.membership;

import io.tallyhook.payment.Entitlement.TakeBack;
import io.tallyhook.payment.Money;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What each refund has taken of a membership, so that it takes it once. To be asked with the purchase locked. */
@Repository
class TakenDays {

    private final JdbcClient jdbc;

    TakenDays(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** When a refund was heard of. */
    enum Way {
        /** Before the money was sent. */
        ASKED,
        /** When it was gone. */
        TOLD
    }

    /**
     * What of this refund's amount was for days that were used, if it has taken already; what stands as asked for is not taken
     * again when we are told that it is gone.
     */
    Optional<Money> shortfall(TakeBack refund, Way way) {
        return jdbc.sql("""
                        SELECT due_days, days FROM membership.refund
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo
                          AND (way = :way OR given_back_at IS NULL)
                        LIMIT 1
                        """)
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .param("way", way.name())
                .query((row, number) -> Share.shortfall(refund.amount(), row.getInt("due_days"), row.getInt("days")))
                .optional();
    }

    /**
     * What is gone of a payment or going, by all refunds that were heard of until now.
     *
     * @param amount in minor units
     * @param dueDays how many days it stands for
     */
    record Gone(long amount, int dueDays) {}

    Gone gone(String outTradeNo) {
        return jdbc.sql("""
                        SELECT coalesce(sum(amount), 0) AS amount, coalesce(sum(due_days), 0) AS due_days
                        FROM membership.refund
                        WHERE out_trade_no = :outTradeNo AND given_back_at IS NULL
                        """)
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> new Gone(row.getLong("amount"), row.getInt("due_days")))
                .single();
    }

    boolean allGone(TakeBack refund) {
        return gone(refund.outTradeNo()).amount() >= refund.paid().minorUnits();
    }

    void keep(TakeBack refund, Way way, Share share, Instant now) {
        jdbc.sql("""
                        INSERT INTO membership.refund
                          (out_trade_no, refund_no, way, purchase_no, amount, due_days, days, taken_at)
                        VALUES (:outTradeNo, :refundNo, :way, :purchaseNo, :amount, :dueDays, :days, :now)
                        """)
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .param("way", way.name())
                .param("purchaseNo", refund.reference())
                .param("amount", share.amount().minorUnits())
                .param("dueDays", share.dueDays())
                .param("days", share.days())
                .param("now", Timestamp.from(now))
                .update();
    }

    /** @return whether it was taken and is given back now */
    boolean giveBack(TakeBack refund, Instant now) {
        return jdbc.sql("""
                        UPDATE membership.refund SET given_back_at = :now
                        WHERE out_trade_no = :outTradeNo AND refund_no = :refundNo AND way = 'ASKED'
                          AND given_back_at IS NULL
                        """)
                        .param("now", Timestamp.from(now))
                        .param("outTradeNo", refund.outTradeNo())
                        .param("refundNo", refund.refundNo())
                        .update()
                == 1;
    }

    /** How much shorter the line is by this refund; nothing if all was used. */
    Optional<Duration> length(TakeBack refund) {
        return jdbc.sql("""
                        SELECT starts_at, ends_at FROM membership.membership_grant
                        WHERE refund_of = :outTradeNo AND refund_no = :refundNo AND refund_way = 'ASKED' AND kind = 'TAKEN'
                        """)
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .query((row, number) -> Duration.between(
                        row.getTimestamp("ends_at").toInstant(),
                        row.getTimestamp("starts_at").toInstant()))
                .optional();
    }

    /** Adds to the line what a refund has taken from it, or given back to it. */
    void note(
            TakeBack refund,
            Way way,
            LineEntry.Kind kind,
            LockedPurchases.Locked purchase,
            Line.Stretch stretch,
            Instant now) {
        var previousEnd = stretch.previousEndsAt();
        jdbc.sql("""
                        INSERT INTO membership.membership_grant
                          (member_id, seq, kind, refund_of, refund_no, refund_way, plan_code, plan_name, days,
                           starts_at, ends_at, previous_ends_at, granted_at)
                        VALUES (:memberId, :seq, :kind, :outTradeNo, :refundNo, :way, :planCode, :planName, :days,
                           :startsAt, :endsAt, :previousEndsAt, :now)
                        """)
                .param("memberId", stretch.memberId())
                .param("seq", stretch.seq())
                .param("kind", kind.name())
                .param("outTradeNo", refund.outTradeNo())
                .param("refundNo", refund.refundNo())
                .param("way", way.name())
                .param("planCode", purchase.planCode())
                .param("planName", purchase.planName())
                .param("days", wholeDays(stretch))
                .param("startsAt", Timestamp.from(stretch.startsAt()))
                .param("endsAt", Timestamp.from(stretch.endsAt()))
                .param("previousEndsAt", previousEnd == null ? null : Timestamp.from(previousEnd))
                .param("now", Timestamp.from(now))
                .update();
    }

    /** Fewer than none if they are taken. A negative duration has its seconds rounded down, so it is turned round first. */
    private static long wholeDays(Line.Stretch stretch) {
        var length = Duration.between(stretch.startsAt(), stretch.endsAt());
        return length.isNegative() ? -length.negated().toDays() : length.toDays();
    }
}
