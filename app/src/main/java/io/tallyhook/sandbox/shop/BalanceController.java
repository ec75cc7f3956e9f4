package io.tallyhook.sandbox.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.server.ResponseStatusException;

/** Pays from the balance what was to be paid at a provider: the customer has thought better of it. */
@Controller
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class BalanceController {

    private static final Logger LOG = LoggerFactory.getLogger(BalanceController.class);

    private final Checkout checkout;
    private final Payments payments;
    private final Purchases purchases;

    BalanceController(Checkout checkout, Payments payments, Purchases purchases) {
        this.checkout = checkout;
        this.payments = payments;
        this.purchases = purchases;
    }

    @PostMapping("/shop/payments/{outTradeNo}/balance")
    String pay(@PathVariable String outTradeNo) {
        var purchase =
                purchases.paidBy(outTradeNo).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        var paid = checkout.payFromBalance(MerchantApi.newKey(), purchase.ordered());
        close(outTradeNo);
        return "redirect:/shop/payments/" + paid;
    }

    /** Only after the balance has paid: had it declined, the customer would want to pay at the provider after all. */
    private void close(String outTradeNo) {
        try {
            payments.close(outTradeNo);
        } catch (ShopProblem e) {
            LOG.info("{} stays as it is: {}", outTradeNo, e.text());
        }
    }
}
