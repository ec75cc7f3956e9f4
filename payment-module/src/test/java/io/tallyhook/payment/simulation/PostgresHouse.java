package io.tallyhook.payment.simulation;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GiveUpRefunds;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.PaymentsConfirmed;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.RefundRequest;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import io.tallyhook.payment.asking.AskProvider;
import io.tallyhook.payment.asking.Asker;
import io.tallyhook.payment.board.Repairs;
import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.policy.PolicyBroom;
import io.tallyhook.payment.refund.RefundBroom;
import io.tallyhook.payment.refund.StoredRefund.Look;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The real thing with all that makes money go back, one step at a time, on the story's clock. */
record PostgresHouse(
        PostgresWorld world,
        Payments payments,
        Refunds refunds,
        Repairs repairs,
        GiveUpRefunds giveUp,
        RefundBroom refundSweep,
        Asker asker,
        AskProvider provider,
        PolicyBroom policies,
        StoryClock clock,
        JdbcClient jdbc,
        List<String> numbers,
        int story)
        implements House {

    /** The clock ticks, so that of two things it is known which was first; and nothing is spread at random. */
    private static final String CLOCK = """
            CREATE SEQUENCE IF NOT EXISTS simulated.tick;
            CREATE OR REPLACE FUNCTION simulated.now() RETURNS timestamptz LANGUAGE sql VOLATILE
              AS 'SELECT at + nextval(''simulated.tick'') * interval ''1 microsecond'' FROM simulated.clock';
            CREATE OR REPLACE FUNCTION simulated.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
              AS 'SELECT simulated.now()';
            CREATE OR REPLACE FUNCTION simulated.random() RETURNS double precision LANGUAGE sql IMMUTABLE
              AS 'SELECT 0.0::double precision';
            CREATE TABLE IF NOT EXISTS simulated.told
              (n bigint GENERATED ALWAYS AS IDENTITY, out_trade_no text, refund_no text, call text, amount bigint);
            DELETE FROM payment.asking;
            UPDATE payment.payment SET undecided_since = NULL WHERE undecided_since IS NOT NULL;
            """;

    PostgresHouse {
        jdbc.sql(CLOCK).update();
        clock.begins();
    }

    @Override
    public String open(Terms terms) {
        return world.open(terms);
    }

    @Override
    public String open(Bill bill) {
        var channel = new PaymentRequest.Channel(
                PROVIDER, ACCOUNT, bill.ordered() ? "till" : "external", bill.expiresIn(), Map.of());
        var request = new PaymentRequest(
                new Purpose(bill.purpose()),
                // Other stories on this database have things of the same names.
                "%s-%d".formatted(bill.reference(), story),
                new UserId("user"),
                Money.fen(bill.amount()),
                "Tea",
                channel);
        var number = payments.open(RequestId.fresh(Clock.systemUTC()), request, () -> {})
                .outTradeNo();
        numbers.add(number);
        return number;
    }

    @Override
    public void close(String outTradeNo) {
        world.close(outTradeNo);
    }

    @Override
    public Optional<List<Decision>> book(List<Booking> group, boolean killed) {
        return world.bookOnly(group, killed);
    }

    @Override
    public List<PaymentsConfirmed> heard() {
        return world.heard();
    }

    @Override
    public void handOut(String outTradeNo) {
        world.handOut(outTradeNo);
    }

    @Override
    public void listen(PaymentsConfirmed event, Listener listener) {
        world.listen(event, listener);
    }

    @Override
    public void dieListening(PaymentsConfirmed event, Listener listener) {
        world.dieListening(event, listener);
    }

    @Override
    public void sweep() {
        world.sweep();
    }

    @Override
    public void retry(String outTradeNo) {
        world.retry(outTradeNo);
    }

    @Override
    public void jump(Duration time) {
        world.jump(time);
        clock.jump(time);
    }

    @Override
    public List<Row> rows(List<String> outTradeNos) {
        return world.rows(outTradeNos);
    }

    @Override
    public void request(RefundRequest asked) {
        refunds.request(asked);
    }

    @Override
    public void approve(String outTradeNo, String refundNo, String actor) {
        refunds.approve(outTradeNo, refundNo, actor);
    }

    @Override
    public void reject(String outTradeNo, String refundNo, String actor) {
        refunds.reject(outTradeNo, refundNo, actor, "no");
    }

    @Override
    public void tryAgain(String outTradeNo, String refundNo) {
        refunds.tryAgain(outTradeNo, refundNo, "dee");
    }

    @Override
    public void proposeGivingUp(String outTradeNo, String refundNo, boolean paidOut, String actor) {
        if (paidOut) {
            giveUp.proposePaidOut(outTradeNo, refundNo, "as the console says", "B-1", actor);
        } else {
            giveUp.proposeNothingWent(outTradeNo, refundNo, "as the console says", actor);
        }
    }

    @Override
    public void confirmGivingUp(String outTradeNo, String refundNo, String actor) {
        giveUp.confirm(outTradeNo, refundNo, actor);
    }

    @Override
    public void rejectGivingUp(String outTradeNo, String refundNo, String actor) {
        giveUp.reject(outTradeNo, refundNo, actor);
    }

    @Override
    public void credit(String outTradeNo, String actor) {
        repairs.creditToWallet(outTradeNo, "as agreed", actor);
    }

    @Override
    public boolean advanceOne() {
        return refundSweep.advanceOne();
    }

    @Override
    public boolean unwindOne() {
        return refundSweep.unwindOne();
    }

    @Override
    public void asks() {
        var _ = asker.asks();
    }

    @Override
    public void isKilledBeforeAsking() {
        var _ = asker.isKilledAfterClaiming();
    }

    @Override
    public void askNow(String outTradeNo) {
        var _ = provider.query(PROVIDER, ACCOUNT, outTradeNo);
    }

    @Override
    public boolean decideOne() {
        return policies.decideOne();
    }

    @Override
    public boolean askForOne() {
        return policies.askForOne();
    }

    @Override
    public void learn() {
        policies.learn();
    }

    @Override
    public boolean isSold(String reference, String exceptFor) {
        return jdbc.sql("""
                        SELECT EXISTS (SELECT FROM simulated.handed_out JOIN payment.payment USING (out_trade_no)
                                       WHERE reference = :reference AND out_trade_no <> :exceptFor
                                         AND out_trade_no = ANY (:numbers))
                        """)
                .param("reference", reference)
                .param("exceptFor", exceptFor)
                .param("numbers", numbers.toArray(String[]::new))
                .query((row, number) -> row.getBoolean(1))
                .single();
    }

    @Override
    public void note(Call call) {
        jdbc.sql("""
                        INSERT INTO simulated.told (out_trade_no, refund_no, call, amount)
                        VALUES (:outTradeNo, :refundNo, :call, :amount)
                        """)
                .param("outTradeNo", call.outTradeNo())
                .param("refundNo", call.refundNo())
                .param("call", call.what())
                .param("amount", call.amount())
                .update();
    }

    @Override
    public List<Call> calls(String outTradeNo) {
        return grouped(List.of(outTradeNo), CALLS, PostgresHouse::call).getOrDefault(outTradeNo, List.of());
    }

    private static final String CALLS = "SELECT * FROM simulated.told WHERE out_trade_no = ANY (:numbers) ORDER BY n";

    private static Call call(ResultSet row) throws SQLException {
        return new Call(
                row.getString("out_trade_no"),
                row.getString("refund_no"),
                row.getString("call"),
                row.getLong("amount"));
    }

    @Override
    public List<Standing> standings(List<String> outTradeNos) {
        var rows = world.rows(outTradeNos);
        var beside = beside(outTradeNos);
        var refunds = grouped(outTradeNos, REFUNDS, PostgresHouse::look);
        var decisions = grouped(outTradeNos, DECISIONS, PostgresHouse::decided);
        var calls = grouped(outTradeNos, CALLS, PostgresHouse::call);
        var standings = new ArrayList<Standing>();
        for (var row : rows) {
            var number = row.payment().outTradeNo();
            var extra = Objects.requireNonNull(beside.get(number));
            standings.add(new Standing(
                    row,
                    row.dueAt() == null ? -1 : row.dueAt().getEpochSecond(),
                    extra.held(),
                    extra.undecided(),
                    extra.nextAsk(),
                    extra.asked(),
                    extra.closings(),
                    refunds.getOrDefault(number, List.of()),
                    decisions.getOrDefault(number, List.of()),
                    calls.getOrDefault(number, List.of())));
        }
        return standings;
    }

    private record Beside(@Nullable FulfilmentState held, long undecided, long nextAsk, int asked, int closings) {}

    private Map<String, Beside> beside(List<String> outTradeNos) {
        var all = new LinkedHashMap<String, Beside>();
        jdbc.sql("""
                        SELECT p.out_trade_no, held_fulfilment, coalesce(asked, 0) AS asked, coalesce(closings, 0) AS closings,
                               CASE WHEN p.fulfilment = 'PARKED' AND p.state = 'PAID' AND held_fulfilment IS NULL
                                    THEN floor(extract(epoch FROM undecided_since)) END AS undecided,
                               floor(extract(epoch FROM next_ask_at)) AS next_ask
                        FROM payment.payment p LEFT JOIN payment.asking a USING (out_trade_no)
                        WHERE p.out_trade_no = ANY (:numbers)
                        """).param("numbers", outTradeNos.toArray(String[]::new)).query(row -> {
            var held = row.getString("held_fulfilment");
            all.put(
                    row.getString("out_trade_no"),
                    new Beside(
                            held == null ? null : FulfilmentState.valueOf(held),
                            time(row, "undecided"),
                            time(row, "next_ask"),
                            row.getInt("asked"),
                            row.getInt("closings")));
        });
        return all;
    }

    /** Reads one row. */
    private interface Reading<T> {

        T of(ResultSet row) throws SQLException;
    }

    private <T> Map<String, List<T>> grouped(List<String> outTradeNos, String sql, Reading<T> reading) {
        var all = new LinkedHashMap<String, List<T>>();
        jdbc.sql(sql).param("numbers", outTradeNos.toArray(String[]::new)).query(row -> {
            all.computeIfAbsent(row.getString("out_trade_no"), any -> new ArrayList<>())
                    .add(reading.of(row));
        });
        return all;
    }

    private static final String REFUNDS = """
            SELECT *, needs_approval AND approved_at IS NULL AS unapproved,
                   floor(extract(epoch FROM nullif(due_at, 'infinity'))) AS due, floor(extract(epoch FROM unwind_due_at)) AS unwind
            FROM payment.refund WHERE out_trade_no = ANY (:numbers) ORDER BY refund_no
            """;

    private static Look look(ResultSet row) throws SQLException {
        return new Look(
                row.getString("refund_no"),
                row.getString("state"),
                row.getLong("amount"),
                row.getString("requested_by") != null,
                row.getBoolean("taken"),
                row.getBoolean("unapproved"),
                row.getInt("attempts"),
                time(row, "due"),
                row.getTimestamp("stuck_at") != null,
                time(row, "unwind"),
                time(row, "short_amount"),
                row.getString("give_up_as"),
                row.getString("give_up_by"),
                row.getString("given_up_by"));
    }

    private static final String DECISIONS = """
            SELECT *, floor(extract(epoch FROM due_at)) AS due FROM payment.policy_decision
            WHERE out_trade_no = ANY (:numbers) ORDER BY id
            """;

    private static Standing.Decided decided(ResultSet row) throws SQLException {
        return new Standing.Decided(
                row.getString("reason"),
                row.getString("action"),
                row.getString("why"),
                row.getString("result"),
                row.getString("refund_no"),
                row.getInt("attempts"),
                time(row, "due"));
    }

    private static long time(ResultSet row, String column) throws SQLException {
        long time = row.getLong(column);
        return row.wasNull() ? -1 : time;
    }
}
