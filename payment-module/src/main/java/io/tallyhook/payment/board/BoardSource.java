package io.tallyhook.payment.board;

import java.util.Arrays;
import java.util.List;

/**
 * Where lines come from. Each begins at a small partial index and reads no more lines than one page holds, from the place where
 * the page begins.
 */
enum BoardSource {
    HARD_TO_HAND_OUT(BoardKind.NOT_FULFILLED, """
            SELECT 'payment/' || p.out_trade_no AS id,
                   CASE WHEN p.fulfilment = 'FAILED' THEN 'FAILED'
                        WHEN p.fulfilment_error IS NOT NULL THEN 'WAITS'
                        ELSE 'OVERDUE' END AS cause,
                   p.paid_at AS since, coalesce(p.received_amount, p.amount) AS at_stake, p.fulfilment_error AS detail, p.out_trade_no
            FROM payment.payment p
            WHERE p.due_at IS NOT NULL AND (p.attempts > 0 OR p.fulfilment_error IS NOT NULL)
              AND p.paid_at < now() - make_interval(secs => :handOutWithin)
            """),
    /** Never even tried again; found where nobody sweeps. */
    FORGOTTEN(BoardKind.NOT_FULFILLED, """
            SELECT 'payment/' || p.out_trade_no AS id, 'OVERDUE' AS cause, p.paid_at AS since, coalesce(p.received_amount, p.amount) AS at_stake,
                   NULL AS detail, p.out_trade_no
            FROM (SELECT * FROM payment.payment
                  WHERE due_at < now() - make_interval(secs => :handOutWithin)
                  ORDER BY due_at LIMIT 10000) p
            WHERE p.attempts = 0 AND p.fulfilment_error IS NULL
            """),
    CANCELLED(BoardKind.NOT_FULFILLED, parked("CANCELLED_BEFORE")),
    EXHAUSTED(BoardKind.NOT_FULFILLED, parked("RETRIES_EXHAUSTED")),
    UNHEARD(BoardKind.NOT_FULFILLED, parked("NO_LISTENER")),
    RELEASED(BoardKind.NOT_FULFILLED, parked("OTHER_AMOUNT", "PAID_OTHER_AMOUNT")),
    LATE(BoardKind.CLOSED_BUT_PAID, parked("LATE")),
    SURPLUS(BoardKind.PAID_TWICE, parked("SURPLUS")),
    SPENT(BoardKind.STILL_GRANTED, """
            SELECT 'refund/' || r.out_trade_no || '/' || r.refund_no AS id, 'SPENT' AS cause, r.settled_at AS since,
                   r.short_amount AS at_stake, r.reason AS detail, r.out_trade_no, r.refund_no
            FROM payment.refund r
            WHERE r.short_amount > 0
            """),
    NOT_TAKEN_BACK(BoardKind.STILL_GRANTED, unwinding("SUCCEEDED", "NOT_TAKEN_BACK")),
    NOT_GIVEN_BACK(BoardKind.NOT_FULFILLED, unwinding("FAILED", "NOT_GIVEN_BACK")),
    STUCK(BoardKind.REFUND_UNFINISHED, """
            SELECT 'refund/' || r.out_trade_no || '/' || r.refund_no AS id, 'STUCK' AS cause, r.stuck_at AS since,
                   r.amount AS at_stake, r.error AS detail, r.out_trade_no, r.refund_no
            FROM payment.refund r
            WHERE r.stuck_at IS NOT NULL
            """),
    UNCLEAR(BoardKind.REFUND_UNFINISHED, """
            SELECT 'refund/' || r.out_trade_no || '/' || r.refund_no AS id, 'UNCLEAR' AS cause, r.created_at AS since,
                   r.amount AS at_stake, r.error AS detail, r.out_trade_no, r.refund_no
            FROM payment.refund r
            WHERE r.due_at IS NOT NULL AND r.error IS NOT NULL AND r.stuck_at IS NULL
              AND coalesce(r.approved_at, r.created_at) < now() - make_interval(secs => :refundWithin)
            """),
    UNKNOWN_TO_MODULE(BoardKind.NOT_FULFILLED, found("UNKNOWN_TO_MODULE")),
    HANDED_OUT_UNPAID(BoardKind.HANDED_OUT_UNPAID, found("HANDED_OUT_UNPAID")),
    REFUNDED_BUT_GRANTED(BoardKind.STILL_GRANTED, found("REFUNDED_BUT_GRANTED")),
    /**
     * The newest deliveries that did not fit, by payment; of an unpaid payment, about a second transaction, or after a refund of
     * it was given up and has not been booked after all.
     */
    QUARANTINED(BoardKind.QUARANTINED, """
            SELECT DISTINCT ON (c.out_trade_no)
                   'callback/' || c.id AS id,
                   CASE WHEN c.differences @> '[{"check": "STATE", "expected": "SUCCEEDED"}]' THEN 'REFUND_CONTRADICTED'
                        WHEN p.provider_transaction_id IS NOT NULL AND NOT c.differences @> '[{"check": "TRANSACTION"}]'
                        THEN 'REFUND_GIVEN_UP'
                        WHEN p.provider_transaction_id IS NOT NULL THEN 'SECOND_TRANSACTION'
                        WHEN EXISTS (SELECT FROM payment.release r
                                     WHERE r.out_trade_no = c.out_trade_no AND r.state = 'PROPOSED') THEN 'RELEASE_WAITS'
                        WHEN c.differences -> 0 ->> 'check' = 'AMOUNT' AND jsonb_array_length(c.differences) = 1
                        THEN 'OTHER_AMOUNT'
                        ELSE 'DIFFERS' END AS cause,
                   min(c.received_at) OVER (PARTITION BY c.out_trade_no) AS since, p.amount AS at_stake,
                   c.differences -> 0 ->> 'check' AS detail, c.out_trade_no, NULL AS refund_no, c.id::text AS callback_id,
                   c.differences -> 0 ->> 'expected' AS expected, c.differences -> 0 ->> 'actual' AS actual
            FROM (SELECT id, received_at, out_trade_no, differences FROM payment.callback
                  WHERE outcome = 'MISMATCH' ORDER BY received_at DESC LIMIT 10000) c
            JOIN payment.payment p USING (out_trade_no)
            WHERE p.state IN ('PENDING', 'CLOSED')
               OR c.differences @> '[{"check": "TRANSACTION"}]' AND NOT c.differences @> '[{"check": "STATE"}]'
               OR c.differences @> '[{"check": "STATE", "expected": "SUCCEEDED"}]'
               -- Up to a minute of waiting and of clocks that differ.
               OR EXISTS (SELECT FROM payment.refund g
                          WHERE g.out_trade_no = c.out_trade_no AND g.given_up_at - interval '1 minute' < c.received_at
                            AND NOT EXISTS (SELECT FROM payment.refund gone
                                            WHERE gone.out_trade_no = g.out_trade_no
                                              AND gone.refund_no = g.refund_no || '~2'))
            ORDER BY c.out_trade_no, c.received_at DESC, c.id
            """);

    /** What was found may be of a payment that does not exist. */
    private static final String FOUND = """
            (SELECT f.out_trade_no, f.purpose, f.reference, f.user_id, f.currency, NULL AS fulfilment_reason, x.state, x.method
             FROM payment.finding f LEFT JOIN payment.payment x USING (out_trade_no))
            """;

    private final BoardKind kind;
    private final String rows;

    BoardSource(BoardKind kind, String rows) {
        this.kind = kind;
        this.rows = rows;
    }

    private static String parked(String reason) {
        return parked(reason, reason);
    }

    private static String parked(String reason, String cause) {
        return """
                SELECT 'payment/' || p.out_trade_no AS id,
                       CASE WHEN p.state = 'PAID' THEN '%s' ELSE 'PARTLY_REFUNDED' END AS cause,
                       p.paid_at AS since, coalesce(p.received_amount, p.amount) - p.refunded_amount AS at_stake, p.fulfilment_error AS detail,
                       p.out_trade_no
                FROM payment.payment p
                WHERE p.fulfilment = 'PARKED' AND p.fulfilment_reason = '%s' AND p.held_fulfilment IS NULL
                """.formatted(cause, reason);
    }

    /** By the standing inspection. */
    private static String found(String cause) {
        return """
                SELECT 'finding/' || f.out_trade_no AS id, f.cause, f.since, f.amount AS at_stake, NULL AS detail, f.out_trade_no
                FROM payment.finding f
                WHERE f.cause = '%s'
                """.formatted(cause);
    }

    private static String unwinding(String state, String cause) {
        return """
                SELECT 'refund/' || r.out_trade_no || '/' || r.refund_no AS id, '%s' AS cause, r.settled_at AS since,
                       r.amount AS at_stake, r.unwind_error AS detail, r.out_trade_no, r.refund_no
                FROM payment.refund r
                WHERE r.unwind_due_at IS NOT NULL AND r.state = '%s'
                  AND r.settled_at < now() - make_interval(secs => :unwindWithin)
                """.formatted(cause, state);
    }

    /** What a kind consists of. */
    static List<BoardSource> of(BoardKind kind) {
        return Arrays.stream(values()).filter(source -> source.kind == kind).toList();
    }

    BoardKind kind() {
        return kind;
    }

    /** Its lines from the place where the page begins, no more than fit on it, each with all columns of a line. */
    String page() {
        boolean ofRefund = rows.contains("'refund/'");
        boolean ofCallback = this == QUARANTINED;
        return """
                (SELECT '%s' AS kind, l.cause, l.since, l.id COLLATE "C" AS id, l.at_stake, l.detail, l.out_trade_no,
                        %s AS refund_no, %s AS callback_id, %s AS expected, %s AS actual,
                        p.purpose, p.reference, p.user_id, p.currency, p.fulfilment_reason,
                        coalesce(p.state IN ('PENDING', 'CLOSED') AND p.method <> 'external', false) AS askable
                 FROM (%s) l JOIN %s p USING (out_trade_no)
                 WHERE l.since >= :since::timestamptz AND (l.since, l.id COLLATE "C") > (:since::timestamptz, :id)
                   AND (:purpose::text IS NULL OR p.purpose = :purpose)
                   AND (:number::text IS NULL OR l.out_trade_no = :number)
                   AND NOT EXISTS (SELECT FROM payment.dealt_with d WHERE d.line = l.id)
                 ORDER BY l.since, l.id COLLATE "C"
                 LIMIT :limit)
                """.formatted(
                        kind,
                        ofRefund ? "l.refund_no" : "NULL::text",
                        ofCallback ? "l.callback_id" : "NULL::text",
                        ofCallback ? "l.expected" : "NULL::text",
                        ofCallback ? "l.actual" : "NULL::text",
                        rows,
                        rows.contains("'finding/'") ? FOUND : "payment.payment");
    }
}
