package io.tallyhook.tickets;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Reserves tickets and has them paid. */
@Component
class Tickets {

    private static final Money PRICE = Money.fen(18_000);

    private final JdbcClient jdbc;
    private final Payments payments;

    Tickets(JdbcClient jdbc, Payments payments) {
        this.jdbc = jdbc;
        this.payments = payments;
    }

    /** The number is made from the request, so a repeat of the request reserves nothing twice. */
    Ticket reserve(RequestId id, UserId user, String show) {
        var ticketNo = id.number('T');
        jdbc.sql("""
                        INSERT INTO tickets.ticket (ticket_no, user_id, show, price)
                        VALUES (:ticketNo, :userId, :show, :price)
                        ON CONFLICT (ticket_no) DO NOTHING
                        """)
                .param("ticketNo", ticketNo)
                .param("userId", user.value())
                .param("show", show)
                .param("price", PRICE.minorUnits())
                .update();
        return get(ticketNo);
    }

    Ticket get(String ticketNo) {
        return jdbc.sql("""
                        SELECT ticket_no, user_id, show, price, issued_at IS NOT NULL AS issued
                        FROM tickets.ticket WHERE ticket_no = :ticketNo
                        """)
                .param("ticketNo", ticketNo)
                .query(Ticket.class)
                .optional()
                .orElseThrow(() -> Refusal.notFound("ticket", ticketNo));
    }

    /** The price is the ticket's own; the caller only says how to pay. Not in a transaction: this calls the provider. */
    Payment pay(RequestId id, String ticketNo, PaymentRequest.Channel channel) {
        var ticket = get(ticketNo);
        var request = new PaymentRequest(
                TicketsConfiguration.TICKET,
                ticketNo,
                new UserId(ticket.userId()),
                Money.fen(ticket.price()),
                "Ticket: " + ticket.show(),
                channel);
        return payments.open(id, request, () -> requireUnpaid(ticketNo));
    }

    /** Runs in the transaction that books the payment, with the ticket held until it commits. */
    private void requireUnpaid(String ticketNo) {
        boolean issued = jdbc.sql(
                        "SELECT issued_at IS NOT NULL FROM tickets.ticket WHERE ticket_no = :ticketNo FOR SHARE")
                .param("ticketNo", ticketNo)
                .query(Boolean.class)
                .single();
        if (issued) {
            throw Refusal.conflict("ticket-issued", "Ticket %s is paid and issued already.".formatted(ticketNo));
        }
    }
}
