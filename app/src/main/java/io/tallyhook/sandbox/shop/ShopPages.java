package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.UserId;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** The shop: what there is, buying it, following a payment, and what a customer has. */
@Controller
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class ShopPages {

    private final Shelf shelf;
    private final Checkout checkout;
    private final Payments payments;
    private final Purchases purchases;
    private final CustomerAccounts accounts;
    private final Balances balances;
    private final Wording wording;

    ShopPages(
            Shelf shelf,
            Checkout checkout,
            Payments payments,
            Purchases purchases,
            CustomerAccounts accounts,
            Balances balances,
            Wording wording) {
        this.shelf = shelf;
        this.checkout = checkout;
        this.payments = payments;
        this.purchases = purchases;
        this.accounts = accounts;
        this.balances = balances;
        this.wording = wording;
    }

    @GetMapping("/")
    String home() {
        return "redirect:/shop";
    }

    @GetMapping("/shop")
    String shop(@CookieValue(name = Customer.COOKIE, defaultValue = Customer.FIRST) String user, Model model) {
        model.addAttribute("user", Customer.known(user));
        model.addAttribute("articles", shelf.articles());
        model.addAttribute("packages", shelf.packages());
        model.addAttribute("plans", shelf.plans());
        return "sandbox/shop";
    }

    @GetMapping("/shop/checkout")
    String checkout(
            @RequestParam Purchase.Kind kind,
            @RequestParam String item,
            @CookieValue(name = Customer.COOKIE, defaultValue = Customer.FIRST) String user,
            Model model) {
        var customer = Customer.known(user);
        model.addAttribute("user", customer);
        model.addAttribute("offer", offer(kind, item));
        model.addAttribute("attempt", MerchantApi.newKey());
        if (kind != Purchase.Kind.RECHARGE) {
            model.addAttribute("balance", balances.of(customer));
        }
        return "sandbox/checkout";
    }

    @PostMapping("/shop/checkout")
    String buy(
            @RequestParam Purchase.Kind kind,
            @RequestParam String item,
            @RequestParam(defaultValue = "1") int quantity,
            @RequestParam String user,
            @RequestParam Means provider,
            @RequestParam(defaultValue = "TALLYHOOK") Checkout.OrderedBy orderedBy,
            @RequestParam Optional<UUID> attempt,
            HttpServletResponse response) {
        var offer = offer(kind, item);
        if (quantity < 1 || quantity > 99) {
            throw new ShopProblem(HttpStatus.BAD_REQUEST.value(), "quantity must be 1 to 99.");
        }
        var customer = new UserId(user).value();
        Customer.remember(customer, response);
        return provider.provider()
                .map(who -> "redirect:/sandbox/pay/%s/%s"
                        .formatted(
                                who.id(),
                                checkout.buy(customer, offer, wording.title(offer), quantity, who, orderedBy)))
                .orElseGet(() -> "redirect:/shop/payments/"
                        + checkout.buyFromBalance(
                                attempt.map(UUID::toString).orElseGet(MerchantApi::newKey),
                                customer,
                                offer,
                                wording.title(offer),
                                quantity));
    }

    @GetMapping("/shop/payments/{outTradeNo}")
    String payment(
            @PathVariable String outTradeNo, @RequestParam Optional<PayerPagesController.Done> done, Model model) {
        model.addAttribute("done", done.map(Enum::name).orElse(""));
        return progress(outTradeNo, model, "sandbox/payment");
    }

    @GetMapping("/shop/payments/{outTradeNo}/progress")
    String progress(@PathVariable String outTradeNo, Model model) {
        return progress(outTradeNo, model, "sandbox/payment :: progress");
    }

    @GetMapping("/shop/account")
    String account(
            @RequestParam Optional<String> user,
            @CookieValue(name = Customer.COOKIE, defaultValue = Customer.FIRST) String last,
            HttpServletResponse response,
            Model model) {
        var customer = new UserId(user.orElse(Customer.known(last))).value();
        Customer.remember(customer, response);
        model.addAttribute("user", customer);
        model.addAttribute("account", accounts.of(customer));
        return "sandbox/account";
    }

    private String progress(String outTradeNo, Model model, String view) {
        var progress =
                payments.progress(outTradeNo).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        model.addAttribute("user", progress.userId());
        model.addAttribute("progress", progress);
        model.addAttribute(
                "bought", purchases.paidBy(outTradeNo).map(Purchase::title).orElse(outTradeNo));
        return view;
    }

    private Offer offer(Purchase.Kind kind, String code) {
        return shelf.find(kind, code).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }
}
