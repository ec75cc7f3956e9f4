package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Giving money back: first what it would take back, in words, then, confirmed, the refund itself. */
@Controller
@RequestMapping("/admin/payments/{outTradeNo}/refunds")
class RefundPages {

    private final Payments payments;
    private final Refunds refunds;
    private final RefundWords words;
    private final Refusals refusals;
    private final Clock clock;

    RefundPages(Payments payments, Refunds refunds, RefundWords words, Refusals refusals, Clock clock) {
        this.payments = payments;
        this.refunds = refunds;
        this.words = words;
        this.refusals = refusals;
        this.clock = clock;
    }

    /** All that is left is what most people want to give back. */
    @GetMapping("/new")
    String form(@PathVariable String outTradeNo, Principal person, Model model) {
        var payment = payments.get(outTradeNo);
        var left = left(payment);
        var form = new RefundForm(newNumber(), left.plain(), "");
        if (left.isPositive()) {
            preview(payment, left, person, model);
        }
        return page(payment, left, form, Map.of(), model);
    }

    /** Shows what would happen, beside the form as it was filled in, and asks whether it shall. */
    @PostMapping("/preview")
    String preview(
            @PathVariable String outTradeNo,
            @ModelAttribute RefundForm form,
            Principal person,
            HttpServletResponse response,
            Model model) {
        var payment = payments.get(outTradeNo);
        var left = left(payment);
        var wrong = form.objections(left);
        if (!wrong.containsKey("amount")) {
            preview(payment, form.money().orElseThrow(), person, model);
        }
        if (wrong.isEmpty()) {
            model.addAttribute("confirming", true);
        } else {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        }
        return page(payment, left, form, wrong, model);
    }

    @PostMapping
    String request(
            @PathVariable String outTradeNo,
            @ModelAttribute RefundForm form,
            Principal person,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect) {
        try {
            var refund = refunds.request(form.request(outTradeNo, person.getName()));
            say(refund, redirect);
            return to(outTradeNo, redirect);
        } catch (Refusal refusal) {
            return refused(refusal, payments.get(outTradeNo), form, response, model);
        }
    }

    /** Asks the provider about it now, and sends it again where that helps. */
    @PostMapping("/{refundNo}/retry")
    String retry(
            @PathVariable String outTradeNo,
            @PathVariable String refundNo,
            Principal person,
            RedirectAttributes redirect) {
        try {
            say(refunds.tryAgain(outTradeNo, refundNo, person.getName()), redirect);
        } catch (Refusal refusal) {
            if (refusal.type().equals("nothing-due")) {
                Flash.refused(redirect, "refund.retry.nothing");
            } else {
                refusals.flash(refusal, redirect);
            }
        }
        return to(outTradeNo, redirect);
    }

    /** What was refused under a number stays refused under it: who changes his mind gets another. */
    private String refused(
            Refusal refusal, Payment payment, RefundForm form, HttpServletResponse response, Model model) {
        response.setStatus(refusal.status().value());
        model.addAttribute("obstacle", refusals.sentence(refusal));
        var left = left(payment);
        var again = new RefundForm(newNumber(), form.amount(), form.reason());
        return page(payment, left, again, form.objections(left), model);
    }

    private void preview(Payment payment, Money amount, Principal person, Model model) {
        try {
            var preview = refunds.preview(payment.outTradeNo(), amount.minorUnits(), person.getName());
            model.addAttribute("sentences", words.sentences(preview));
            model.addAttribute("possible", preview.possible());
            model.addAttribute("secondPerson", RefundWords.needSecondPerson(preview));
            model.addAttribute("previewed", amount);
        } catch (Refusal refusal) {
            model.addAttribute("obstacle", refusals.sentence(refusal));
        }
    }

    private static String page(Payment payment, Money left, RefundForm form, Map<String, String> wrong, Model model) {
        model.addAttribute("payment", payment);
        model.addAttribute("left", left);
        model.addAttribute("form", form);
        model.addAttribute("wrong", wrong);
        return "admin/refund-new";
    }

    static void say(Refund refund, RedirectAttributes redirect) {
        var key = "refund.done." + (refund.awaitsApproval() ? "waits" : refund.state());
        if (refund.state().equals("FAILED")) {
            Flash.refused(redirect, key, Objects.requireNonNullElse(refund.error(), ""));
        } else {
            Flash.done(redirect, key);
        }
    }

    /** What is neither given back nor about to be. */
    private Money left(Payment payment) {
        return refunds.of(payment.outTradeNo()).stream()
                .filter(refund -> !refund.state().equals("FAILED"))
                .map(Refund::amount)
                .reduce(payment.received(), Money::minus);
    }

    private String newNumber() {
        return RequestId.fresh(clock).number('F');
    }

    private static String to(String outTradeNo, RedirectAttributes redirect) {
        redirect.addAttribute("outTradeNo", outTradeNo);
        return "redirect:/admin/payments/{outTradeNo}";
    }
}
