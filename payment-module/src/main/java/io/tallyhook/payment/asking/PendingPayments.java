package io.tallyhook.payment.asking;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Payments that nobody has paid yet: what is done about them when time passes, and giving them up. */
@Repository
public class PendingPayments {

    private final JdbcClient jdbc;
    private final AskingSettings settings;

    PendingPayments(JdbcClient jdbc, AskingSettings settings) {
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /**
     * Remembers a payment that was just opened, in the same transaction: its provider will be asked, and it will expire.
     *
     * @param askable whether it was ordered through us, so that there is somebody to ask
     */
    public void await(String outTradeNo, boolean askable) {
        jdbc.sql("""
                        INSERT INTO payment.asking (out_trade_no, provider, account, askable, next_ask_at)
                        SELECT p.out_trade_no, p.provider, p.account, :askable,
                               CASE WHEN :askable
                                    THEN least(p.expires_at, p.created_at + make_interval(secs =>
                                           CASE WHEN s.id IS NULL THEN coalesce(f.gap, :usualGap) ELSE :silentGap END))
                                    ELSE p.expires_at END
                        FROM payment.payment p
                        LEFT JOIN payment.silence s
                          ON s.provider = p.provider AND s.account = p.account AND s.ended_at IS NULL
                        LEFT JOIN payment.first_question f
                          ON f.provider = p.provider AND f.account = p.account AND f.method = p.method
                        WHERE p.out_trade_no = :outTradeNo AND p.state = 'PENDING'
                          AND (:askable OR p.expires_at IS NOT NULL)
                        ON CONFLICT (out_trade_no) DO NOTHING
                        """)
                .param("outTradeNo", outTradeNo)
                .param("askable", askable)
                .param("usualGap", settings.firstGap().toSeconds())
                .param("silentGap", settings.silentFirstGap().toSeconds())
                .update();
    }

    /** Gives it up here. @return whether it was open until now */
    public boolean close(String outTradeNo) {
        return jdbc.sql("""
                                UPDATE payment.payment
                                SET state = 'CLOSED', closed_at = now(), version = version + 1
                                WHERE out_trade_no = :outTradeNo AND state = 'PENDING'
                                """).param("outTradeNo", outTradeNo).update() == 1;
    }
}
