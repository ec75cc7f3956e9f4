package io.tallyhook.payment.board;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Interventions;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes a line off the board about which nothing can be done here, on the word of a person. */
@Component
class SettleOutside {

    private final OpenLines lines;
    private final Interventions interventions;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SettleOutside(
            OpenLines lines, Interventions interventions, JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.lines = lines;
        this.interventions = interventions;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    void settle(String outTradeNo, String line, String note, String actor) {
        var text = Note.of("note", note, "must be 1 to 200 characters that say how it was settled");
        lines.require(outTradeNo, line, Repair.SETTLE);
        transaction.executeWithoutResult(status -> {
            if (write(outTradeNo, line, text, actor)) {
                interventions.record(actor, "SETTLE_OUTSIDE", outTradeNo, InterventionResult.of(Code.SETTLED, text));
            }
        });
    }

    /** @return whether nobody has done so before */
    private boolean write(String outTradeNo, String line, String note, String actor) {
        return jdbc.sql("""
                                INSERT INTO payment.dealt_with (line, out_trade_no, at, actor, note)
                                VALUES (:line, :outTradeNo, now(), :actor, :note)
                                ON CONFLICT DO NOTHING
                                """)
                        .param("line", line)
                        .param("outTradeNo", outTradeNo)
                        .param("actor", actor)
                        .param("note", note)
                        .update()
                == 1;
    }
}
