package io.tallyhook.admin;

import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.release.Releases;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** One delivery: what happened to it, and running it again. */
@Controller
@RequestMapping("/admin/callbacks/{callbackId}")
class CallbackPage {

    /** Says to the page after the redirect that a person has just asked for the clear text. */
    private static final String CLEAR_TEXT = "clearText";

    private final Callbacks callbacks;
    private final Payments payments;
    private final Releases releases;
    private final PaidFor paidFor;
    private final Json json;
    private final Sentences sentences;

    CallbackPage(
            Callbacks callbacks,
            Payments payments,
            Releases releases,
            PaidFor paidFor,
            Json json,
            Sentences sentences) {
        this.callbacks = callbacks;
        this.payments = payments;
        this.releases = releases;
        this.paidFor = paidFor;
        this.json = json;
        this.sentences = sentences;
    }

    @GetMapping
    String detail(@PathVariable String callbackId, Principal person, Model model) {
        var callback = model.containsAttribute(CLEAR_TEXT)
                ? callbacks.getUnmasked(callbackId, person.getName())
                : callbacks.get(callbackId);
        model.addAttribute("callback", callback);
        model.addAttribute("line", callback.line());
        model.addAttribute("checks", CheckLine.of(callback.checks(), sentences));
        model.addAttribute("decoded", json.pretty(callback.content()));
        payment(callback).ifPresent(payment -> show(payment, model));
        if (callback.line().outcome() == Outcome.MISMATCH) {
            release(callback, person, model);
        }
        return "admin/callback";
    }

    /** What can be done about another amount, and what people have said about it. */
    private void release(CallbackDetail callback, Principal person, Model model) {
        var all = payment(callback)
                .map(payment -> releases.of(payment.outTradeNo()))
                .orElse(List.of());
        var possible = releases.possible(callback.line().callbackId().toString());
        if (possible.isPresent() || !all.isEmpty()) {
            model.addAttribute("releasable", possible.orElse(null));
            model.addAttribute("releases", all);
            model.addAttribute("person", person.getName());
        }
    }

    /** Shows the clear text once: a reload hides it again, and each look is recorded. */
    @PostMapping("/clear-text")
    String clearText(@PathVariable String callbackId, RedirectAttributes redirect) {
        redirect.addFlashAttribute(CLEAR_TEXT, true);
        return back(callbackId, redirect);
    }

    @GetMapping("/replay")
    String dryRun(@PathVariable String callbackId, Model model) {
        var callback = callbacks.get(callbackId);
        var replay = callbacks.dryRun(callbackId);
        model.addAttribute("line", callback.line());
        model.addAttribute("replay", replay);
        model.addAttribute("checks", CheckLine.of(replay.differences(), sentences));
        model.addAttribute("changes", ChangeLine.of(replay.changes()));
        payment(callback).ifPresent(payment -> show(payment, model));
        return "admin/replay";
    }

    @PostMapping("/replay")
    String replay(@PathVariable String callbackId, Principal person, RedirectAttributes redirect) {
        var replay = callbacks.replay(callbackId, person.getName());
        if (replay.changes().isEmpty()) {
            Flash.refused(redirect, "replayed.unchanged." + replay.outcome());
        } else {
            Flash.done(redirect, "replayed.changed." + replay.outcome());
        }
        return back(callbackId, redirect);
    }

    private Optional<Payment> payment(CallbackDetail callback) {
        return Optional.ofNullable(callback.caused())
                .map(CallbackDetail.Caused::outTradeNo)
                .flatMap(payments::find);
    }

    private void show(Payment payment, Model model) {
        model.addAttribute("payment", payment);
        model.addAttribute("paidFor", paidFor.path(payment));
    }

    private static String back(String callbackId, RedirectAttributes redirect) {
        redirect.addAttribute("callbackId", callbackId);
        return "redirect:/admin/callbacks/{callbackId}";
    }
}
