package io.tallyhook.payment.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.Savings;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.board.BoardLine;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What modules and payments say of each other is compared, and what is wrong stands on the board as long as it is wrong. */
@PaymentModuleTest
class InspectionIntegrationTests {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Inspect inspect;
    private final Findings findings;
    private final Board board;
    private final Savings savings;
    private final JdbcClient jdbc;
    private final Shelf shelf = new Shelf();

    InspectionIntegrationTests(Inspect inspect, Findings findings, Board board, Savings savings, JdbcClient jdbc) {
        this.savings = savings;
        this.inspect = inspect;
        this.findings = findings;
        this.board = board;
        this.jdbc = jdbc;
    }

    /** A module whose books can be wrong. */
    private static final class Shelf implements HandedOut {

        private final Map<String, Grant> grants = new TreeMap<>();

        @Override
        public String purpose() {
            return "SHELF";
        }

        @Override
        public List<Grant> after(String outTradeNo, int limit) {
            return grants.values().stream()
                    .filter(grant -> grant.outTradeNo().compareTo(outTradeNo) > 0)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<Grant> of(Collection<String> outTradeNos) {
            return grants.values().stream()
                    .filter(grant -> outTradeNos.contains(grant.outTradeNo()))
                    .toList();
        }

        void grant(String outTradeNo, boolean still) {
            grants.put(
                    outTradeNo,
                    new Grant(
                            outTradeNo,
                            "S-" + outTradeNo,
                            "user-shelf",
                            Money.fen(1200),
                            Instant.parse("2026-01-31T04:00:00Z"),
                            still));
        }
    }

    @Test
    void what_was_handed_out_and_not_paid_is_on_the_board_until_it_is_taken_back() {
        var unpaid = payment("PENDING", "NONE");
        var unheardOf = number();
        var fine = payment("PAID", "SUCCEEDED");
        List.of(unpaid, unheardOf, fine).forEach(no -> shelf.grant(no, true));

        inspects();
        inspects();

        assertThat(only(unpaid)).satisfies(line -> {
            assertThat(line.kind()).isEqualTo(BoardKind.HANDED_OUT_UNPAID);
            assertThat(line.amount()).isEqualTo(Money.fen(1200));
            assertThat(line.reference()).isEqualTo("S-" + unpaid);
            assertThat(line.purpose()).isEqualTo("SHELF");
        });
        assertThat(only(unheardOf).kind()).isEqualTo(BoardKind.HANDED_OUT_UNPAID);
        assertThat(of(fine)).isEmpty();

        shelf.grant(unpaid, false);
        inspects();
        assertThat(of(unpaid)).isEmpty();
        assertThat(of(unheardOf)).hasSize(1);
    }

    @Test
    void what_counts_as_handed_out_and_is_unknown_to_its_module_is_on_the_board_until_the_module_knows() {
        var unknown = payment("PAID", "SUCCEEDED");
        var waiting = payment("PAID", "PENDING");

        inspects();
        assertThat(only(unknown).cause().name()).isEqualTo("UNKNOWN_TO_MODULE");
        assertThat(only(unknown).kind()).isEqualTo(BoardKind.NOT_FULFILLED);
        assertThat(of(waiting)).isEmpty();

        shelf.grant(unknown, true);
        inspects();
        assertThat(of(unknown)).isEmpty();
    }

    @Test
    void what_was_refunded_in_full_and_is_still_granted_is_on_the_board() {
        var refunded = payment("REFUNDED", "REVERSED");
        var taken = payment("REFUNDED", "REVERSED");
        shelf.grant(refunded, true);
        shelf.grant(taken, false);

        inspects();

        assertThat(only(refunded).kind()).isEqualTo(BoardKind.STILL_GRANTED);
        assertThat(of(taken)).isEmpty();
    }

    @Test
    void what_was_credited_to_a_wallet_is_looked_for_there_and_not_in_the_module_that_it_was_meant_for() {
        var known = credited();
        savings(known);
        var unknown = credited();

        inspects();
        assertThat(of(known)).isEmpty();
        assertThat(only(unknown).cause().name()).isEqualTo("UNKNOWN_TO_MODULE");
        assertThat(only(unknown).purpose()).isEqualTo("SAVINGS");
        assertThat(only(unknown).reference()).isEqualTo("C-" + unknown);

        savings(unknown);
        inspects();
        assertThat(of(unknown)).isEmpty();
    }

    @Test
    void what_was_handed_out_for_money_that_went_to_a_wallet_is_not_paid() {
        var both = credited();
        savings(both);
        shelf.grant(both, true);

        inspects();
        assertThat(only(both).kind()).isEqualTo(BoardKind.HANDED_OUT_UNPAID);
        assertThat(only(both).purpose()).isEqualTo("SHELF");

        shelf.grant(both, false);
        inspects();
        assertThat(of(both)).isEmpty();
    }

    @Test
    void one_instance_at_a_time_inspects_and_another_goes_on_when_it_has_died() {
        var lease = Duration.ofMinutes(5);
        jdbc.sql("UPDATE payment.inspection SET next_at = now(), lease_until = NULL")
                .update();

        assertThat(findings.claim(lease)).isPresent();
        assertThat(findings.claim(lease)).isEmpty();
        jdbc.sql("UPDATE payment.inspection SET lease_until = now() - interval '1 s'")
                .update();
        assertThat(findings.claim(lease)).isPresent();
        findings.done(Duration.ofDays(1), true);
        assertThat(findings.claim(lease)).isEmpty();
    }

    private void inspects() {
        inspect.again(shelf);
        inspect.again(savings);
        var after = "";
        do {
            after = inspect.payments(Map.of("SHELF", shelf, "SAVINGS", savings), after)
                    .orElse("");
        } while (!after.isEmpty());
        inspect.grants(shelf, "");
    }

    /** A payment of this module whose money became balance. */
    private String credited() {
        var number = payment("PAID", "PENDING");
        jdbc.sql("""
                        UPDATE payment.payment SET fulfilment = 'PARKED', fulfilment_reason = 'LATE', due_at = NULL
                        WHERE out_trade_no = :no
                        """).param("no", number).update();
        jdbc.sql("""
                        UPDATE payment.payment
                        SET fulfilment = 'SUCCEEDED', fulfilment_reason = NULL, credited_as = 'C-' || out_trade_no,
                            undecided_since = NULL
                        WHERE out_trade_no = :no
                        """).param("no", number).update();
        return number;
    }

    /** The wallet knows of it. */
    private void savings(String outTradeNo) {
        jdbc.sql("INSERT INTO saved (out_trade_no, said) VALUES (:no, 'for a test')")
                .param("no", outTradeNo)
                .update();
    }

    private BoardLine only(String outTradeNo) {
        assertThat(of(outTradeNo)).hasSize(1);
        return of(outTradeNo).getFirst();
    }

    private List<BoardLine> of(String outTradeNo) {
        return board.lines(BoardFilter.of(outTradeNo), new Paging(200, null)).items().stream()
                .filter(line -> line.id().startsWith("finding/"))
                .toList();
    }

    private static String number() {
        return "SHELF%d%04d".formatted(ProcessHandle.current().pid(), NUMBER.incrementAndGet());
    }

    private String payment(String state, String fulfilment) {
        var number = number();
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description, amount,
                           currency, created_at, state, provider_transaction_id, paid_at, fulfilment, refunded_amount, due_at)
                        VALUES (:no, 'SHELF', 'S-' || :no, 'user-shelf', 1, 'wechat', 'main', 'external', 'Tea', 1200, 'CNY',
                                now(), :state, CASE WHEN :state <> 'PENDING' THEN 'T' || :no END,
                                CASE WHEN :state <> 'PENDING' THEN now() END, :fulfilment,
                                CASE WHEN :state = 'REFUNDED' THEN 1200 ELSE 0 END,
                                CASE WHEN :fulfilment = 'PENDING' THEN now() + interval '1 d' END)
                        """)
                .param("no", number)
                .param("state", state)
                .param("fulfilment", fulfilment)
                .update();
        return number;
    }
}
