package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.board.Repairs;
import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Crediting the money of a payment to the wallet of its payer, from the payment's own page. */
@Controller
class CreditPages {

    private final Repairs repairs;
    private final Refusals refusals;

    CreditPages(Repairs repairs, Refusals refusals) {
        this.repairs = repairs;
        this.refusals = refusals;
    }

    @PostMapping("/admin/payments/{outTradeNo}/credit")
    String credit(
            @PathVariable String outTradeNo,
            @RequestParam String reason,
            Principal person,
            RedirectAttributes redirect) {
        try {
            repairs.creditToWallet(outTradeNo, reason, person.getName());
            Flash.done(redirect, "board.done.CREDIT_TO_WALLET", outTradeNo);
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        redirect.addAttribute("outTradeNo", outTradeNo);
        return "redirect:/admin/payments/{outTradeNo}";
    }
}
