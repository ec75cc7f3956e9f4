package io.tallyhook.payment.callback;

import io.tallyhook.payment.booking.Booking;
import io.tallyhook.payment.booking.ConfirmPayments;
import io.tallyhook.payment.booking.Decision;
import io.tallyhook.payment.booking.Intake.Decided;
import io.tallyhook.payment.callback.ReceiveCallback.Genuine;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.provider.Rehearsal;
import io.tallyhook.payment.provider.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Books rehearsed deliveries with the real statements, for payments of its own, and takes all of it back. */
@Component
class RehearseBooking {

    private final ConfirmPayments confirmPayments;
    private final CallbackLog callbackLog;
    private final TransactionTemplate transaction;
    private final JdbcClient jdbc;

    RehearseBooking(
            ConfirmPayments confirmPayments,
            CallbackLog callbackLog,
            PlatformTransactionManager transactions,
            JdbcClient jdbc) {
        this.confirmPayments = confirmPayments;
        this.callbackLog = callbackLog;
        this.transaction = new TransactionTemplate(transactions);
        this.jdbc = jdbc;
    }

    void rehearse(CallbackProtocol protocol, List<Rehearsal> rehearsals) {
        transaction.executeWithoutResult(status -> {
            status.setRollbackOnly();
            open(rehearsals);
            var bookings = rehearsals.stream()
                    .map(rehearsal -> booking(protocol, rehearsal))
                    .toList();
            confirmPayments.book(bookings, decisions -> callbackLog.write(decided(protocol, rehearsals, decisions)));
        });
    }

    /** Closed ones: booking those marks them paid as well, but tells no listener. */
    private void open(List<Rehearsal> rehearsals) {
        jdbc.sql("""
                        INSERT INTO payment.payment
                          (out_trade_no, purpose, reference, user_id, shard, provider, account, method, description,
                           amount, currency, created_at, state, closed_at)
                        SELECT out_trade_no, 'REHEARSAL', out_trade_no, 'nobody', 0, provider, account, 'external',
                               'rehearsal', 1, 'CNY', now(), 'CLOSED', now()
                        FROM unnest(:numbers::text[], :providers::text[], :accounts::text[])
                             AS p (out_trade_no, provider, account)
                        """)
                .param(
                        "numbers",
                        rehearsals.stream().map(r -> r.says().outTradeNo()).toArray(String[]::new))
                .param(
                        "providers",
                        rehearsals.stream().map(r -> r.delivery().provider()).toArray(String[]::new))
                .param(
                        "accounts",
                        rehearsals.stream().map(r -> r.delivery().account()).toArray(String[]::new))
                .update();
    }

    private static Booking booking(CallbackProtocol protocol, Rehearsal rehearsal) {
        var delivery = rehearsal.delivery();
        return new Booking(
                delivery.provider(), delivery.account(), protocol.identity(delivery.account()), rehearsal.says());
    }

    private static List<Decided> decided(
            CallbackProtocol protocol, List<Rehearsal> rehearsals, List<Decision> decisions) {
        var all = new ArrayList<Decided>(decisions.size());
        for (int i = 0; i < decisions.size(); i++) {
            var rehearsal = rehearsals.get(i);
            var verdict = new Verdict.Genuine(rehearsal.says(), null);
            all.add(new Decided(
                    new Genuine(rehearsal.delivery(), verdict, protocol, System.nanoTime()), decisions.get(i)));
        }
        return all;
    }
}
