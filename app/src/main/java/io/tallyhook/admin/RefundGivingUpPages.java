package io.tallyhook.admin;

import io.tallyhook.payment.GiveUpRefunds;
import io.tallyhook.payment.Refusal;
import java.security.Principal;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Two persons end a refund that never gets a clear answer; here is the word of each. */
@Controller
@RequestMapping("/admin/payments/{outTradeNo}/refunds/{refundNo}/give-up")
class RefundGivingUpPages {

    private final GiveUpRefunds refunds;
    private final Refusals refusals;

    RefundGivingUpPages(GiveUpRefunds refunds, Refusals refusals) {
        this.refunds = refunds;
        this.refusals = refusals;
    }

    /** @param reference of the payment by which the money was given back; without one nothing has gone */
    @PostMapping
    String propose(
            @PathVariable String outTradeNo,
            @PathVariable String refundNo,
            @RequestParam(defaultValue = "") String reason,
            @RequestParam(required = false) @Nullable String reference,
            Principal person,
            RedirectAttributes redirect) {
        return after(outTradeNo, redirect, () -> {
            if (reference == null) {
                refunds.proposeNothingWent(outTradeNo, refundNo, reason.strip(), person.getName());
            } else {
                refunds.proposePaidOut(outTradeNo, refundNo, reason.strip(), reference.strip(), person.getName());
            }
            return "giveup.proposed";
        });
    }

    @PostMapping("/confirm")
    String confirm(
            @PathVariable String outTradeNo,
            @PathVariable String refundNo,
            Principal person,
            RedirectAttributes redirect) {
        return after(
                outTradeNo,
                redirect,
                () -> "giveup.done."
                        + refunds.confirm(outTradeNo, refundNo, person.getName())
                                .state());
    }

    /** Who has proposed it withdraws it in the same way. */
    @PostMapping("/reject")
    String reject(
            @PathVariable String outTradeNo,
            @PathVariable String refundNo,
            Principal person,
            RedirectAttributes redirect) {
        return after(outTradeNo, redirect, () -> {
            refunds.reject(outTradeNo, refundNo, person.getName());
            return "giveup.rejected";
        });
    }

    private String after(String outTradeNo, RedirectAttributes redirect, Supplier<String> word) {
        try {
            Flash.done(redirect, word.get());
        } catch (Refusal refusal) {
            if (refusal.status() == HttpStatus.BAD_REQUEST) {
                Flash.refused(redirect, "giveup.wrong");
            } else {
                refusals.flash(refusal, redirect);
            }
        }
        redirect.addAttribute("outTradeNo", outTradeNo);
        return "redirect:/admin/payments/{outTradeNo}";
    }
}
