package io.tallyhook.tickets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tallyhook.ModuleTestApplication;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.modulith.test.ApplicationModuleTest;
import org.springframework.modulith.test.ApplicationModuleTest.BootstrapMode;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tallyhook.testing.FreshDatabase;
import tallyhook.testing.Payer;
import tallyhook.testing.PlainBank;

@ApplicationModuleTest(classes = ModuleTestApplication.class, mode = BootstrapMode.DIRECT_DEPENDENCIES)
@AutoConfigureMockMvc
@ContextConfiguration(initializers = FreshDatabase.class)
@Import({PlainBank.class, Payer.class})
class TicketsIntegrationTests {

    private static final UserId ANNA = new UserId("anna");

    private final Tickets tickets;
    private final Payments payments;
    private final Payer payer;
    private final Clock clock;
    private final MockMvcTester mvc;

    TicketsIntegrationTests(Tickets tickets, Payments payments, Payer payer, Clock clock, MockMvcTester mvc) {
        this.tickets = tickets;
        this.payments = payments;
        this.payer = payer;
        this.clock = clock;
        this.mvc = mvc;
    }

    @Test
    void aPaidTicketIsIssued() {
        var ticket = tickets.reserve(request(), ANNA, "Swan Lake");
        var payment = tickets.pay(request(), ticket.ticketNo(), Payer.by("external"));
        assertThat(tickets.get(ticket.ticketNo()).issued()).isFalse();

        payer.pays(payment);

        await().untilAsserted(() ->
                assertThat(tickets.get(ticket.ticketNo()).issued()).isTrue());
    }

    @Test
    void aTicketThatIsPaidTwiceIsIssuedOnceAndTheOtherPaymentWaitsForAPerson() {
        var ticket = tickets.reserve(request(), ANNA, "Swan Lake");
        var first = tickets.pay(request(), ticket.ticketNo(), Payer.by("external"));
        var second = tickets.pay(request(), ticket.ticketNo(), Payer.by("external"));
        payer.pays(first);
        await().until(() -> tickets.get(ticket.ticketNo()).issued());

        payer.pays(second);

        await().untilAsserted(() ->
                assertThat(payments.get(second.outTradeNo()).fulfilmentReason()).isEqualTo(ParkingReason.SURPLUS));
        assertThatThrownBy(() -> tickets.pay(request(), ticket.ticketNo(), Payer.by("external")))
                .hasMessageContaining("issued already");
    }

    @Test
    void ticketsAreReservedAndPaidThroughTheMerchantApi() {
        var reserved = mvc.post()
                .uri("/api/v1/tickets")
                .requestAttr(RequestId.ATTRIBUTE, request())
                .contentType(MediaType.APPLICATION_JSON)
                .content("""
                        {"userId": "anna", "show": "Swan Lake"}
                        """)
                .exchange();
        assertThat(reserved).hasStatus(201).bodyJson().extractingPath("$.price").isEqualTo(18_000);

        assertThat(mvc.post()
                        .uri("/api/v1/tickets/{ticketNo}/payments", "T" + "0".repeat(26))
                        .requestAttr(RequestId.ATTRIBUTE, request())
                        .contentType(MediaType.APPLICATION_JSON)
                        .content("""
                                {"provider": "bank", "account": "main", "method": "external"}
                                """))
                .hasStatus(404);
    }

    private RequestId request() {
        return RequestId.fresh(clock);
    }
}
