package io.tallyhook.tickets;

import io.tallyhook.payment.ConfirmedPayment;
import io.tallyhook.payment.Fulfilment;
import io.tallyhook.payment.Fulfilments;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentsConfirmed;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;

/** Turns confirmed payments into tickets. */
@Component
class IssueTickets {

    private final JdbcClient jdbc;
    private final Fulfilments fulfilments;

    IssueTickets(JdbcClient jdbc, Fulfilments fulfilments) {
        this.jdbc = jdbc;
        this.fulfilments = fulfilments;
    }

    @ApplicationModuleListener(
            id = "tickets.payments",
            condition = "#event.purpose() == 'TICKET'",
            propagation = Propagation.NOT_SUPPORTED)
    void on(PaymentsConfirmed event) {
        fulfilments.run(event, this::apply);
    }

    /** Runs in a transaction in which these payments are locked and due. */
    private List<Fulfilment> apply(List<ConfirmedPayment> payments) {
        lock(payments.stream().map(ConfirmedPayment::reference).toArray(String[]::new));
        return payments.stream().map(this::issue).toList();
    }

    private Fulfilment issue(ConfirmedPayment payment) {
        int issued = jdbc.sql("""
                        UPDATE tickets.ticket SET paid_by = :payment, issued_at = now()
                        WHERE ticket_no = :ticketNo AND price = :amount AND paid_by IS NULL
                        """)
                .param("payment", payment.outTradeNo())
                .param("ticketNo", payment.reference())
                .param("amount", payment.amount())
                .update();
        return issued == 1 ? payment.fulfilled() : explain(payment);
    }

    /** Paid by another payment: a person must decide. Anything else cannot be, so it is thrown and seen. */
    private Fulfilment explain(ConfirmedPayment payment) {
        var paidBy = jdbc.sql("SELECT paid_by FROM tickets.ticket WHERE ticket_no = :ticketNo AND paid_by IS NOT NULL")
                .param("ticketNo", payment.reference())
                .query(String.class)
                .optional()
                .orElseThrow(() -> new IllegalStateException(
                        "Payment %s fits no ticket %s".formatted(payment.outTradeNo(), payment.reference())));
        return paidBy.equals(payment.outTradeNo()) ? payment.fulfilled() : payment.refused(ParkingReason.SURPLUS);
    }

    /** Always in the same order, so that two batches that name the same tickets do not wait for each other in a ring. */
    private void lock(String[] ticketNos) {
        jdbc.sql("SELECT 1 FROM tickets.ticket WHERE ticket_no = ANY (:ticketNos) ORDER BY ticket_no FOR NO KEY UPDATE")
                .param("ticketNos", ticketNos)
                .query(row -> {});
    }
}
