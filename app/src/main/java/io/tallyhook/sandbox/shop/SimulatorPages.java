package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.Money;
import io.tallyhook.sandbox.simulator.ProviderSimulator;
import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.util.Optional;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** A look behind the provider's counter: its orders, every callback it sent, and orders made by hand. */
@Controller
@ConditionalOnProperty("tallyhook.sandbox.enabled")
@RequestMapping("/sandbox")
class SimulatorPages {

    private static final int MOST_ORDERS = 50;
    private static final int MOST_ATTEMPTS = 100;

    private final ProviderSimulator simulator;

    SimulatorPages(ProviderSimulator simulator) {
        this.simulator = simulator;
    }

    @GetMapping
    String page(
            @RequestParam Optional<String> outTradeNo,
            @RequestParam Optional<PayerPagesController.Done> done,
            Model model) {
        model.addAttribute("outTradeNo", outTradeNo.orElse(""));
        model.addAttribute("done", done.map(Enum::name).orElse(""));
        fill(outTradeNo, model);
        return "sandbox/simulator";
    }

    @GetMapping("/attempts")
    String attempts(@RequestParam Optional<String> outTradeNo, Model model) {
        model.addAttribute("outTradeNo", outTradeNo.orElse(""));
        fill(outTradeNo, model);
        return "sandbox/simulator :: attempts";
    }

    @PostMapping("/orders")
    String order(
            @RequestParam SimulatedProvider provider, @RequestParam String outTradeNo, @RequestParam String amount) {
        simulator.orderByHand(provider, number(outTradeNo.strip()), yuan(amount.strip()));
        return "redirect:/sandbox/pay/%s/%s".formatted(provider.id(), outTradeNo.strip());
    }

    private void fill(Optional<String> outTradeNo, Model model) {
        var wanted = outTradeNo.filter(text -> !text.isBlank());
        model.addAttribute(
                "orders",
                simulator.orders().stream()
                        .filter(order -> wanted.isEmpty() || order.outTradeNo().equals(wanted.get()))
                        .limit(MOST_ORDERS)
                        .toList());
        model.addAttribute(
                "attempts",
                wanted.map(simulator::attempts).orElseGet(simulator::attempts).stream()
                        .limit(MOST_ATTEMPTS)
                        .toList());
    }

    private static String number(String outTradeNo) {
        if (!outTradeNo.matches("[0-9A-Za-z_-]{6,32}")) {
            throw refused("outTradeNo must be 6 to 32 characters of 0-9 A-Z a-z _ -.");
        }
        return outTradeNo;
    }

    private static Money yuan(String amount) {
        try {
            var money = Money.yuan(amount);
            if (money.isPositive() && money.minorUnits() <= Money.MAX_MINOR_UNITS) {
                return money;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw refused("The amount must be yuan with at most two decimals, such as 19.99.");
        }
        throw refused("The amount must be above 0 and at most 100,000,000 yuan.");
    }

    private static ShopProblem refused(String sentence) {
        return new ShopProblem(HttpStatus.BAD_REQUEST.value(), sentence);
    }
}
