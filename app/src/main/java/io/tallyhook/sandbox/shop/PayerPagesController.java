package io.tallyhook.sandbox.shop;

import io.tallyhook.sandbox.OwnAddress;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedOrder;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/** The wallet on the payer's phone: pay, cancel, or let something else happen. */
@Controller
@ConditionalOnProperty("tallyhook.sandbox.enabled")
@RequestMapping("/sandbox/pay/{provider}/{outTradeNo}")
class PayerPagesController {

    /** What the next page says has been done. */
    enum Done {
        PAID,
        MISBEHAVED,
        NOT_POSSIBLE
    }

    private final ProviderSimulator simulator;
    private final Payments payments;
    private final Purchases purchases;
    private final OwnAddress address;

    PayerPagesController(ProviderSimulator simulator, Payments payments, Purchases purchases, OwnAddress address) {
        this.simulator = simulator;
        this.payments = payments;
        this.purchases = purchases;
        this.address = address;
    }

    @GetMapping
    String page(@PathVariable String provider, @PathVariable String outTradeNo, Model model) {
        var order = simulator
                .open(provider(provider), outTradeNo)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        model.addAttribute("order", order);
        model.addAttribute(
                "bought", purchases.paidBy(outTradeNo).map(Purchase::title).orElse(order.description()));
        return "sandbox/pay";
    }

    @GetMapping(path = "/qr.svg", produces = "image/svg+xml")
    @ResponseBody
    String code(@PathVariable String provider, @PathVariable String outTradeNo) {
        var order = simulator
                .order(provider(provider), outTradeNo)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        return QrCode.svg(address.publicUrl("/sandbox/pay/%s/%s".formatted(provider, order.outTradeNo()))
                .toString());
    }

    @PostMapping
    String pay(@PathVariable String provider, @PathVariable String outTradeNo) {
        var paid = simulator.pay(provider(provider), outTradeNo).isPresent();
        return next(outTradeNo, paid ? Done.PAID : Done.NOT_POSSIBLE);
    }

    @PostMapping("/misbehave")
    String misbehave(@PathVariable String provider, @PathVariable String outTradeNo, @RequestParam Misbehaviour what) {
        return next(outTradeNo, misbehaves(provider(provider), outTradeNo, what) ? Done.MISBEHAVED : Done.NOT_POSSIBLE);
    }

    private boolean misbehaves(SimulatedProvider provider, String outTradeNo, Misbehaviour what) {
        if (what == Misbehaviour.LATE
                && isOpen(provider, outTradeNo)
                && payments.progress(outTradeNo).isPresent()) {
            payments.close(outTradeNo);
        }
        return simulator.misbehave(provider, outTradeNo, what);
    }

    private boolean isOpen(SimulatedProvider provider, String outTradeNo) {
        return simulator
                .order(provider, outTradeNo)
                .filter(order -> order.state() == SimulatedOrder.State.NOT_PAID)
                .isPresent();
    }

    /** To the shop's page of the payment; one the shop's back end does not know is followed at the provider's. */
    private String next(String outTradeNo, Done done) {
        var known = payments.progress(outTradeNo).isPresent();
        return known
                ? "redirect:/shop/payments/%s?done=%s".formatted(outTradeNo, done)
                : "redirect:/sandbox?done=%s&outTradeNo=%s".formatted(done, outTradeNo);
    }

    private static SimulatedProvider provider(String id) {
        return SimulatedProvider.of(id).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
