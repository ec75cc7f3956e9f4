package io.tallyhook.admin;

import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.asking.Answer;
import io.tallyhook.payment.asking.ProviderSays;
import io.tallyhook.payment.booking.Outcome;
import java.security.Principal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Asking the provider about one payment, now. */
@Controller
class AskingPages {

    private final Payments payments;
    private final Refusals refusals;

    AskingPages(Payments payments, Refusals refusals) {
        this.payments = payments;
        this.refusals = refusals;
    }

    @PostMapping("/admin/payments/{outTradeNo}/ask")
    String ask(@PathVariable String outTradeNo, Principal person, RedirectAttributes redirect) {
        try {
            say(payments.ask(outTradeNo, person.getName()), redirect);
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        redirect.addAttribute("outTradeNo", outTradeNo);
        return "redirect:/admin/payments/{outTradeNo}";
    }

    static void say(Answer answer, RedirectAttributes redirect) {
        var outcome = answer.outcome();
        if (answer.says() == ProviderSays.UNCLEAR) {
            Flash.refused(redirect, "asked.UNCLEAR", answer.detail());
        } else if (outcome == Outcome.MISMATCH) {
            Flash.refused(redirect, "asked.MISMATCH");
        } else if (outcome == null && answer.says() == ProviderSays.PAID) {
            Flash.refused(redirect, "asked.notBooked");
        } else {
            Flash.done(redirect, outcome == Outcome.LATE ? "asked.LATE" : "asked." + answer.says());
        }
    }
}
