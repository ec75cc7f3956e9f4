package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Comparison;
import io.tallyhook.payment.booking.Intake;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.ReceiveCallback.Genuine;
import io.tallyhook.payment.provider.Delivery;
import io.tallyhook.payment.provider.Fact;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the callback log, and how many rows of each outcome there are, in one statement: those of genuine deliveries in the
 * transaction that books them.
 */
@Repository
class CallbackLog implements Intake.Alongside {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    /** Tells our counts from those of other processes; that two meet by chance costs only time. */
    private final int process = ThreadLocalRandom.current().nextInt(Short.MAX_VALUE);

    CallbackLog(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** One line of the log, before its columns are gathered. */
    record Line(
            Delivery delivery,
            Outcome outcome,
            @Nullable String reason,
            @Nullable String outTradeNo,
            @Nullable String providerTransactionId,
            @Nullable String notificationId,
            List<Comparison> differences,
            int replyStatus,
            int durationMicros) {}

    @Override
    public void write(List<Intake.Decided> group) {
        append(group.stream().map(CallbackLog::line).toList());
    }

    private static Line line(Intake.Decided decided) {
        var genuine = (Genuine) decided.attachment();
        var outcome = decided.decision().outcome();
        var fact = genuine.verdict().fact();
        return new Line(
                genuine.delivery(),
                outcome,
                fact instanceof Fact.Unchanged unchanged ? unchanged.state() : null,
                fact.outTradeNo(),
                transactionId(fact),
                genuine.verdict().notificationId(),
                decided.decision().differences(),
                genuine.protocol().reply(outcome.answer()).status(),
                microsSince(genuine.startedNanos()));
    }

    void append(List<Line> lines) {
        jdbc.sql("""
                        WITH logged AS (
                        INSERT INTO payment.callback
                          (id, received_at, provider, account, outcome, reason, out_trade_no, provider_transaction_id,
                           notification_id, differences, reply_status, duration_us, headers, body)
                        SELECT id::uuid, received_at, provider, account, outcome, reason, out_trade_no, transaction_id,
                               notification_id, differences::jsonb, reply_status, duration_us, headers::jsonb, body
                        FROM unnest(:ids::text[], :receivedAts::timestamptz[], :providers::text[], :accounts::text[],
                                    :outcomes::text[], :reasons::text[], :numbers::text[], :transactionIds::text[],
                                    :notificationIds::text[], :differences::text[], :statuses::int[],
                                    :durations::int[], :headers::text[], :bodies::bytea[])
                             AS line (id, received_at, provider, account, outcome, reason, out_trade_no,
                                      transaction_id, notification_id, differences, reply_status, duration_us,
                                      headers, body)
                        RETURNING received_at, provider, account, outcome)
                        INSERT INTO payment.callback_tally AS t (minute, outcome, provider, account, process, n)
                        SELECT date_trunc('minute', received_at), outcome, provider, account, :process, count(*)
                        FROM logged
                        GROUP BY 1, 2, 3, 4
                        ORDER BY 1, 2, 3, 4
                        ON CONFLICT (minute, outcome, provider, account, process) DO UPDATE SET n = t.n + excluded.n
                        """)
                .param("process", process)
                .param("ids", texts(lines, line -> line.delivery().id().toString()))
                .param(
                        "receivedAts",
                        texts(lines, line -> line.delivery().arrivedAt().toString()))
                .param("providers", texts(lines, line -> line.delivery().provider()))
                .param("accounts", texts(lines, line -> line.delivery().account()))
                .param("outcomes", texts(lines, line -> line.outcome().name()))
                .param("reasons", texts(lines, Line::reason))
                .param("numbers", texts(lines, Line::outTradeNo))
                .param("transactionIds", texts(lines, Line::providerTransactionId))
                .param("notificationIds", texts(lines, Line::notificationId))
                .param("differences", texts(lines, this::differences))
                .param("statuses", lines.stream().map(Line::replyStatus).toArray(Integer[]::new))
                .param("durations", lines.stream().map(Line::durationMicros).toArray(Integer[]::new))
                .param(
                        "headers",
                        texts(
                                lines,
                                line -> json.writeValueAsString(line.delivery().headers())))
                .param(
                        "bodies",
                        lines.stream().map(line -> line.delivery().body()).toArray(byte[][]::new))
                .update();
    }

    private @Nullable String differences(Line line) {
        if (line.differences().isEmpty()) {
            return null;
        }
        return json.writeValueAsString(line.differences().stream()
                .map(difference -> new Comparison(
                        difference.check(), storable(difference.expected()), storable(difference.actual())))
                .toList());
    }

    private static @Nullable String transactionId(Fact fact) {
        return switch (fact) {
            case Fact.Paid paid -> paid.providerTransactionId();
            case Fact.Refunded refunded -> refunded.providerTransactionId();
            case Fact.Closed closed -> null;
            case Fact.Unchanged unchanged -> null;
        };
    }

    private static @Nullable String[] texts(List<Line> lines, Function<Line, @Nullable String> column) {
        return lines.stream()
                .map(column)
                .map(text -> text == null ? null : storable(text))
                .toArray(String[]::new);
    }

    /** PostgreSQL takes no NUL character in a text, nor escaped in JSON; a message may carry one. */
    private static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    static int microsSince(long startedNanos) {
        return Math.toIntExact(Math.max(0, Math.min(Integer.MAX_VALUE, (System.nanoTime() - startedNanos) / 1000)));
    }
}
