package io.tallyhook.admin;

import io.tallyhook.admin.BoardPages.Asked;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.board.Repairs;
import java.security.Principal;
import java.util.Objects;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The buttons of the board. Each leads back to the board as it was filtered, and says there what came of it. */
@Controller
@RequestMapping("/admin/board")
class RepairPages {

    private final Repairs repairs;
    private final Payments payments;
    private final Refusals refusals;

    RepairPages(Repairs repairs, Payments payments, Refusals refusals) {
        this.repairs = repairs;
        this.payments = payments;
        this.refusals = refusals;
    }

    @PostMapping("/reopen")
    String reopen(
            @RequestParam String outTradeNo,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(asked, redirect, () -> {
            repairs.reopen(outTradeNo, person.getName());
            Flash.done(redirect, "board.done.REOPEN", outTradeNo);
        });
    }

    @PostMapping("/retry")
    String retry(
            @RequestParam String outTradeNo,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(asked, redirect, () -> {
            payments.retryFulfilment(outTradeNo, person.getName());
            Flash.done(redirect, "board.done.RETRY", outTradeNo);
        });
    }

    @PostMapping("/refund")
    String refund(
            @RequestParam String outTradeNo,
            @RequestParam String refundNo,
            @RequestParam String reason,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(
                asked,
                redirect,
                () -> say(repairs.refund(outTradeNo, refundNo, reason.strip(), person.getName()), redirect));
    }

    @PostMapping("/credit")
    String credit(
            @RequestParam String outTradeNo,
            @RequestParam String reason,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(asked, redirect, () -> {
            repairs.creditToWallet(outTradeNo, reason, person.getName());
            Flash.done(redirect, "board.done.CREDIT_TO_WALLET", outTradeNo);
        });
    }

    @PostMapping("/refund/retry")
    String retryRefund(
            @RequestParam String outTradeNo,
            @RequestParam String refundNo,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(asked, redirect, () -> say(repairs.retryRefund(outTradeNo, refundNo, person.getName()), redirect));
    }

    @PostMapping("/ask")
    String ask(
            @RequestParam String outTradeNo,
            @RequestParam String line,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(asked, redirect, () -> AskingPages.say(repairs.ask(outTradeNo, line, person.getName()), redirect));
    }

    @PostMapping("/settle")
    String settle(
            @RequestParam String outTradeNo,
            @RequestParam String line,
            @RequestParam String note,
            @ModelAttribute Asked asked,
            Principal person,
            RedirectAttributes redirect) {
        return after(asked, redirect, () -> {
            repairs.settle(outTradeNo, line, note, person.getName());
            Flash.done(redirect, "board.done.SETTLE", outTradeNo);
        });
    }

    private String after(Asked asked, RedirectAttributes redirect, Runnable repair) {
        try {
            repair.run();
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        if (Filled.text(asked.kind()) != null) {
            redirect.addAttribute("kind", asked.kind());
        }
        if (Filled.text(asked.purpose()) != null) {
            redirect.addAttribute("purpose", asked.purpose());
        }
        return "redirect:/admin/board";
    }

    private static void say(Refund refund, RedirectAttributes redirect) {
        if (refund.state().equals("FAILED")) {
            Flash.refused(
                    redirect,
                    "board.refund.FAILED",
                    refund.outTradeNo(),
                    Objects.requireNonNullElse(refund.error(), ""));
        } else {
            Flash.done(redirect, "board.refund." + refund.state(), refund.outTradeNo());
        }
    }
}
