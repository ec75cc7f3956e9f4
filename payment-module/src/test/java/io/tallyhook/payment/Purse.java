package io.tallyhook.payment;

import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Money that users have with us, as simple as can be: provider {@code wallet}, method {@code balance}. Every answer is
 * kept by its payment's number. No row guards the floor but the answer's own, so that money taken twice would be seen.
 */
public class Purse implements InstantMethod {

    private static final Consumer<String> NOTHING = outTradeNo -> {};

    private final JdbcClient jdbc;
    private final Clock clock;
    private volatile Consumer<String> afterwards = NOTHING;

    Purse(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        jdbc.sql("CREATE TABLE purse (user_id text PRIMARY KEY, balance bigint NOT NULL)")
                .update();
        jdbc.sql("""
                        CREATE TABLE purse_answer (out_trade_no text PRIMARY KEY, paid_for text NOT NULL, taken bigint NOT NULL,
                                                   at timestamptz NOT NULL)
                        """).update();
        jdbc.sql("CREATE TABLE purse_refund (out_trade_no text, refund_no text, PRIMARY KEY (out_trade_no, refund_no))")
                .update();
    }

    @Override
    public String provider() {
        return "wallet";
    }

    @Override
    public String account() {
        return "main";
    }

    @Override
    public String method() {
        return "balance";
    }

    @Override
    public Taking take(InstantPayment payment) {
        boolean first = jdbc.sql("""
                                INSERT INTO purse_answer VALUES (:outTradeNo, :purpose || ' ' || :reference, 0, :at)
                                ON CONFLICT DO NOTHING
                                """)
                        .param("outTradeNo", payment.outTradeNo())
                        .param("purpose", payment.purpose())
                        .param("reference", payment.reference())
                        .param("at", Timestamp.from(clock.instant()))
                        .update()
                == 1;
        if (first && withdrawn(payment)) {
            jdbc.sql("UPDATE purse_answer SET taken = :amount WHERE out_trade_no = :outTradeNo")
                    .param("amount", payment.amount().minorUnits())
                    .param("outTradeNo", payment.outTradeNo())
                    .update();
        }
        afterwards.accept(payment.outTradeNo());
        return answer(payment.outTradeNo());
    }

    private boolean withdrawn(InstantPayment payment) {
        return jdbc.sql("UPDATE purse SET balance = balance - :amount WHERE user_id = :userId AND balance >= :amount")
                        .param("amount", payment.amount().minorUnits())
                        .param("userId", payment.userId().value())
                        .update()
                == 1;
    }

    private Taking answer(String outTradeNo) {
        return jdbc.sql("SELECT taken, at FROM purse_answer WHERE out_trade_no = :outTradeNo")
                .param("outTradeNo", outTradeNo)
                .query((row, number) -> row.getLong("taken") == 0
                        ? new Taking.Declined(Refusal.conflict("insufficient-balance", "There is not enough."))
                        : taken(outTradeNo, row.getTimestamp("at").toInstant()))
                .single();
    }

    private static Taking taken(String outTradeNo, Instant at) {
        // Finer than PostgreSQL keeps, as other clocks may be.
        return new Taking.Taken("J-" + outTradeNo, at.plusNanos(789));
    }

    @Override
    public String giveBack(Entitlement.TakeBack refund) {
        boolean first = jdbc.sql("INSERT INTO purse_refund VALUES (:outTradeNo, :refundNo) ON CONFLICT DO NOTHING")
                        .param("outTradeNo", refund.outTradeNo())
                        .param("refundNo", refund.refundNo())
                        .update()
                == 1;
        if (first) {
            jdbc.sql("UPDATE purse SET balance = balance + :amount WHERE user_id = :userId")
                    .param("amount", refund.amount().minorUnits())
                    .param("userId", refund.userId().value())
                    .update();
        }
        afterwards.accept(refund.refundNo());
        return "B-" + refund.refundNo();
    }

    /**
     * From now on, does this with the number of a payment whose money was taken, or of a refund that was given back, before the
     * answer; until it is calm.
     */
    public void afterwards(Consumer<String> something) {
        afterwards = something;
    }

    public void calmDown() {
        afterwards = NOTHING;
    }

    /** A user's purse holds this much. */
    public void fill(UserId user, long fen) {
        jdbc.sql("""
                        INSERT INTO purse VALUES (:userId, :fen)
                        ON CONFLICT (user_id) DO UPDATE SET balance = excluded.balance
                        """).param("userId", user.value()).param("fen", fen).update();
    }

    public long balance(UserId user) {
        return jdbc.sql("SELECT balance FROM purse WHERE user_id = :userId")
                .param("userId", user.value())
                .query(Long.class)
                .single();
    }

    /** Whether there is an answer for this payment, given or refused. */
    public boolean answered(String outTradeNo) {
        return jdbc.sql("SELECT EXISTS (SELECT 1 FROM purse_answer WHERE out_trade_no = :outTradeNo)")
                .param("outTradeNo", outTradeNo)
                .query(Boolean.class)
                .single();
    }
}
