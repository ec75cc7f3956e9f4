package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.wallet.Proof.Invariant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What a superuser does behind our back is found: every invariant has a damage that it, and only what must, finds. */
@WalletModuleTest
class ProofIntegrationTests {

    private static final List<String> PROTECTED =
            List.of("posting", "journal", "request", "wallet_lot", "account", "account_balance", "recharge");

    private final CreditRecharges creditRecharges;
    private final Wallets wallets;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;
    private final Till till;

    ProofIntegrationTests(
            CreditRecharges creditRecharges,
            Wallets wallets,
            TransactionTemplate transaction,
            JdbcClient jdbc,
            Till till) {
        this.creditRecharges = creditRecharges;
        this.wallets = wallets;
        this.transaction = transaction;
        this.jdbc = jdbc;
        this.till = till;
    }

    @Test
    void anHonestLedgerHoldsAndSaysHowMuchWasChecked() {
        var payment = till.paid(till.recharge(till.newUser(), 100, 10));
        transaction.executeWithoutResult(status -> creditRecharges.apply(List.of(payment)));

        var proof = wallets.proof();

        assertThat(proof.holds()).isTrue();
        assertThat(proof.invariants()).hasSize(15).allMatch(Invariant::holds);
        assertThat(proof.invariants().stream()
                        .filter(invariant -> invariant.checked() > 0)
                        .map(Invariant::name))
                .contains(
                        "I1-debits-equal-credits",
                        "I2-journals-balance",
                        "I3-balances-equal-postings",
                        "I4-statements-are-unbroken",
                        "I5-lots-equal-balances",
                        "I6-lots-equal-bookings",
                        "I7-requests-have-journals",
                        "I9-owed-is-covered",
                        "recharges-are-booked");
        assertThat(proof.sealed()).isEqualTo(new Proof.Sealed(0, 0, ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void damageIsFound(String what, String damage, List<String> foundBy) {
        var payment = till.paid(till.recharge(till.newUser(), 100, 10));

        transaction.executeWithoutResult(status -> {
            creditRecharges.apply(List.of(payment));
            PROTECTED.forEach(table -> jdbc.sql("ALTER TABLE wallet.%s DISABLE TRIGGER ALL".formatted(table))
                    .update());
            jdbc.sql(forJournalOf(payment, damage)).update();

            var proof = wallets.proof();

            assertThat(proof.holds()).isFalse();
            assertThat(proof.invariants().stream()
                            .filter(invariant -> !invariant.holds())
                            .map(Invariant::name))
                    .as(what)
                    .containsExactlyElementsOf(foundBy);
            status.setRollbackOnly();
        });
        assertThat(wallets.proof().holds()).isTrue();
    }

    static Stream<Arguments> damageIsFound() {
        return Stream.of(
                damage(
                        "one side of a journal is raised",
                        "UPDATE wallet.posting SET amount = amount + 1 WHERE journal_id = :j AND line = 1",
                        "I1-debits-equal-credits",
                        "I2-journals-balance",
                        "I9-owed-is-covered"),
                damage(
                        "both sides of a journal are raised",
                        """
                        UPDATE wallet.posting SET amount = amount + sign(amount)::bigint
                        WHERE journal_id = :j AND line IN (1, 2)""",
                        "I3-balances-equal-postings",
                        "I4-statements-are-unbroken",
                        "I6-lots-equal-bookings",
                        "I9-owed-is-covered"),
                damage(
                        "the head of a journal is deleted",
                        "DELETE FROM wallet.journal WHERE journal_id = :j",
                        "I2-journals-balance",
                        "I6-lots-equal-bookings",
                        "I7-requests-have-journals"),
                damage(
                        "the lines of a journal are deleted",
                        "DELETE FROM wallet.posting WHERE journal_id = :j",
                        "I2-journals-balance",
                        "I3-balances-equal-postings",
                        "I6-lots-equal-bookings",
                        "I9-owed-is-covered"),
                damage(
                        "lines are written by another transaction than their head",
                        "UPDATE wallet.posting SET xid = 3 WHERE journal_id = :j",
                        "I2-journals-balance"),
                damage(
                        "a balance is raised",
                        "UPDATE wallet.account_balance SET credit = credit + 1 WHERE account_id = :a",
                        "I3-balances-equal-postings",
                        "I5-lots-equal-balances",
                        "I9-owed-is-covered"),
                damage(
                        "both counters of a balance are raised",
                        "UPDATE wallet.account_balance SET credit = credit + 1, debit = debit + 1 WHERE account_id = :a",
                        "I3-balances-equal-postings"),
                damage(
                        "a balance row is deleted",
                        "DELETE FROM wallet.account_balance WHERE account_id = :a",
                        "I3-balances-equal-postings",
                        "I5-lots-equal-balances",
                        "I6-lots-equal-bookings",
                        "I9-owed-is-covered"),
                damage(
                        "a line loses its number",
                        "UPDATE wallet.posting SET seq = NULL, balance = NULL WHERE journal_id = :j AND line = 2",
                        "I3-balances-equal-postings"),
                damage(
                        "a statement has a gap",
                        "UPDATE wallet.posting SET seq = seq + 1 WHERE journal_id = :j AND line = 2",
                        "I4-statements-are-unbroken"),
                damage(
                        "a line shows another balance",
                        "UPDATE wallet.posting SET balance = balance + 1 WHERE journal_id = :j AND line = 4",
                        "I4-statements-are-unbroken"),
                damage(
                        "less is left of a lot",
                        "UPDATE wallet.wallet_lot SET bonus_left = bonus_left - 1 WHERE lot_id = :j",
                        "I5-lots-equal-balances",
                        "I6-lots-equal-bookings"),
                damage(
                        "a lot is larger than its recharge",
                        "UPDATE wallet.wallet_lot SET principal = principal + 1 WHERE lot_id = :j",
                        "I6-lots-equal-bookings",
                        "recharges-are-booked"),
                damage(
                        "a lot is deleted",
                        "DELETE FROM wallet.wallet_lot WHERE lot_id = :j",
                        "I5-lots-equal-balances",
                        "I6-lots-equal-bookings",
                        "recharges-are-booked"),
                damage(
                        "a request is deleted",
                        "DELETE FROM wallet.request WHERE journal_id = :j",
                        "I7-requests-have-journals",
                        "recharges-are-booked"),
                damage("a request claims a journal that answers another", """
                        INSERT INTO wallet.request (shard, kind, request_key, sha256, journal_id)
                        SELECT shard, kind, request_key || '-2', sha256, journal_id FROM wallet.request WHERE journal_id = :j""", "I7-requests-have-journals"),
                damage(
                        "a user's account becomes revenue",
                        "UPDATE wallet.account SET gl_code = '6001.01' WHERE account_id = :a",
                        "I3-balances-equal-postings",
                        "I9-owed-is-covered"),
                damage(
                        "a recharge names a payment that was not credited",
                        "UPDATE wallet.recharge SET paid_by = 'P-invented' WHERE paid_by = :p",
                        "recharges-are-booked"));
    }

    private static Arguments damage(String what, String sql, String... foundBy) {
        return arguments(what, sql, List.of(foundBy));
    }

    /** Fills in the journal of the payment, the user's principal account, and the payment's number. */
    private String forJournalOf(ConfirmedPayment payment, String damage) {
        var journal = "(SELECT lot_id FROM wallet.wallet_lot WHERE request_key = '%s')".formatted(payment.outTradeNo());
        var journalId = jdbc.sql("SELECT " + journal).query(Long.class).single();
        var accountId = jdbc.sql("SELECT account_id FROM wallet.posting WHERE line = 2 AND journal_id = " + journalId)
                .query(Long.class)
                .single();
        return damage.replace(":j", journalId.toString())
                .replace(":a", accountId.toString())
                .replace(":p", "'" + payment.outTradeNo() + "'");
    }
}
