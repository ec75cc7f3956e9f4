package io.tallyhook.tickets;

import io.tallyhook.payment.PayWith;
import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/tickets")
class TicketsController {

    private final Tickets tickets;

    TicketsController(Tickets tickets) {
        this.tickets = tickets;
    }

    record Wish(
            @NotNull @Pattern(regexp = UserId.PATTERN) String userId,
            @NotBlank @Size(max = 60) String show) {}

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    Ticket reserve(@RequestAttribute(RequestId.ATTRIBUTE) RequestId id, @Valid @RequestBody Wish wish) {
        return tickets.reserve(id, new UserId(wish.userId()), wish.show());
    }

    @GetMapping("/{ticketNo}")
    Ticket ticket(@PathVariable String ticketNo) {
        return tickets.get(ticketNo);
    }

    @PostMapping("/{ticketNo}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    PaymentView pay(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId id,
            @PathVariable String ticketNo,
            @Valid @RequestBody PayWith how) {
        return PaymentView.of(tickets.pay(id, ticketNo, how.channel()));
    }
}
