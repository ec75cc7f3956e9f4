package io.tallyhook.admin;

import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The second person's word on a refund that waits for it. */
@Controller
@RequestMapping("/admin/payments/{outTradeNo}/refunds/{refundNo}")
class RefundDecisionPages {

    private final Refunds refunds;
    private final Refusals refusals;

    RefundDecisionPages(Refunds refunds, Refusals refusals) {
        this.refunds = refunds;
        this.refusals = refusals;
    }

    @PostMapping("/approve")
    String approve(
            @PathVariable String outTradeNo,
            @PathVariable String refundNo,
            Principal person,
            RedirectAttributes redirect) {
        try {
            RefundPages.say(refunds.approve(outTradeNo, refundNo, person.getName()), redirect);
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        return to(outTradeNo, redirect);
    }

    /** Who has asked for it withdraws it in the same way. */
    @PostMapping("/reject")
    String reject(
            @PathVariable String outTradeNo,
            @PathVariable String refundNo,
            @RequestParam(defaultValue = "") String note,
            Principal person,
            RedirectAttributes redirect) {
        try {
            refunds.reject(outTradeNo, refundNo, person.getName(), note.strip());
            Flash.done(redirect, "refund.rejected");
        } catch (Refusal refusal) {
            if (refusal.status() == HttpStatus.BAD_REQUEST) {
                Flash.refused(redirect, "refund.wrong.note");
            } else {
                refusals.flash(refusal, redirect);
            }
        }
        return to(outTradeNo, redirect);
    }

    private static String to(String outTradeNo, RedirectAttributes redirect) {
        redirect.addAttribute("outTradeNo", outTradeNo);
        return "redirect:/admin/payments/{outTradeNo}";
    }
}
