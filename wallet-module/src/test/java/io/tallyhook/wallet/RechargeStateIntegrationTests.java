package io.tallyhook.wallet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The second net under recharges: what the database itself refuses. */
@WalletModuleTest
class RechargeStateIntegrationTests {

    private final Till till;
    private final Wallets wallets;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    RechargeStateIntegrationTests(Till till, Wallets wallets, JdbcClient jdbc, TransactionTemplate transaction) {
        this.transaction = transaction;
        this.till = till;
        this.wallets = wallets;
        this.jdbc = jdbc;
    }

    /** Undone again: what is forced has no booking, which the proof of the other tests would find. */
    @ParameterizedTest
    @EnumSource
    void everyTransitionThatTheCodeRefusesIsRefused(RechargeState from) {
        for (var to : RechargeState.values()) {
            transaction.executeWithoutResult(status -> {
                status.setRollbackOnly();
                var recharge = in(from);
                if (to == from || from.mayBecome(to)) {
                    force(recharge, to);
                    assertThat(wallets.get(recharge.rechargeNo()).state()).isEqualTo(to);
                } else {
                    assertThatThrownBy(() -> force(recharge, to))
                            .as("%s to %s", from, to)
                            .isInstanceOf(DataIntegrityViolationException.class)
                            .hasMessageContaining("cannot go from %s to %s", from, to);
                }
            });
        }
    }

    @Test
    void noRechargeIsRefundedWithoutARefund() {
        var recharge = till.recharge(till.newUser(), 100);
        force(recharge, RechargeState.CREDITED);

        assertThatThrownBy(() -> jdbc.sql("UPDATE wallet.recharge SET state = 'REFUNDED' WHERE recharge_no = ?")
                        .param(recharge.rechargeNo())
                        .update())
                .hasMessageContaining("cannot go from CREDITED to REFUNDED");
        undo(recharge);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount = amount + 1",
                "bonus = 0",
                "user_id = 'somebody-else'",
                "shard = (shard + 1) % 1024",
                "package_code = 'other'",
                "bonus_expires_after_days = 3000",
                "created_at = created_at - interval '1 day'",
                "paid_by = 'P-other'",
                "credited_at = credited_at - interval '1 day'"
            })
    void whatWasAgreedAndWhoPaidStays(String change) {
        var recharge = till.recharge(till.newUser(), 100, 10);
        force(recharge, RechargeState.CREDITED);

        assertThatThrownBy(() -> jdbc.sql("UPDATE wallet.recharge SET " + change + " WHERE recharge_no = ?")
                        .param(recharge.rechargeNo())
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class)
                .hasMessageContaining("what was agreed cannot be changed");
        undo(recharge);
    }

    @Test
    void noRechargeBeginsAsCredited() {
        assertThatThrownBy(() -> jdbc.sql("""
                                INSERT INTO wallet.recharge
                                  (recharge_no, user_id, shard, amount, bonus, currency, created_at, state, paid_by,
                                   credited_at)
                                VALUES ('R00000000000000000000000000', 'u', 1, 100, 0, 'CNY', now(), 'CREDITED',
                                   'P00000', now())
                                """).update()).hasMessageContaining("must begin as AWAITING_PAYMENT");
    }

    @Test
    void onePaymentIsNotCreditedToTwoRecharges() {
        var first = till.recharge(till.newUser(), 100);
        var second = till.recharge(till.newUser(), 100);
        force(first, RechargeState.CREDITED);

        assertThatThrownBy(() -> jdbc.sql("""
                                UPDATE wallet.recharge
                                SET state = 'CREDITED', credited_at = now(),
                                    paid_by = (SELECT paid_by FROM wallet.recharge WHERE recharge_no = ?)
                                WHERE recharge_no = ?
                                """)
                        .params(first.rechargeNo(), second.rechargeNo())
                        .update())
                .isInstanceOf(DataIntegrityViolationException.class);
        undo(first);
    }

    private Recharge in(RechargeState state) {
        var recharge = till.recharge(till.newUser(), 100);
        if (state == RechargeState.REFUNDED) {
            force(recharge, RechargeState.CREDITED);
        }
        force(recharge, state);
        return recharge;
    }

    private void force(Recharge recharge, RechargeState state) {
        if (state == RechargeState.REFUNDED) {
            jdbc.sql("""
                            INSERT INTO wallet.recharge_refund
                              (out_trade_no, refund_no, way, recharge_no, amount, shortfall, taken_at)
                            VALUES ('P-' || ?, 'R1', 'ASKED', ?, 100, 0, now()) ON CONFLICT DO NOTHING
                            """).params(recharge.rechargeNo(), recharge.rechargeNo()).update();
        }
        var payment = state == RechargeState.CREDITED || state == RechargeState.REFUNDED
                ? ", paid_by = 'P-' || recharge_no, credited_at = created_at"
                : "";
        jdbc.sql("UPDATE wallet.recharge SET state = ?" + payment + " WHERE recharge_no = ?")
                .params(state.name(), recharge.rechargeNo())
                .update();
    }

    /** What was forced has no booking, which the proof of the other tests would find. */
    private void undo(Recharge recharge) {
        jdbc.sql("DELETE FROM wallet.recharge WHERE recharge_no = ?")
                .param(recharge.rechargeNo())
                .update();
    }
}
