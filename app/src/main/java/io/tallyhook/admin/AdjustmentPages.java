package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.books.Adjustment;
import io.tallyhook.wallet.books.AdjustmentKind;
import io.tallyhook.wallet.books.Adjustments;
import io.tallyhook.wallet.books.Books;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Proposals to adjust a wallet, and deciding on those of others. */
@Controller
@RequestMapping("/admin/ledger/adjustments")
class AdjustmentPages {

    private final Adjustments adjustments;
    private final Books books;
    private final Refusals refusals;

    AdjustmentPages(Adjustments adjustments, Books books, Refusals refusals) {
        this.adjustments = adjustments;
        this.books = books;
        this.refusals = refusals;
    }

    @GetMapping
    String list(@RequestParam(required = false) @Nullable String cursor, Model model) {
        model.addAttribute("open", adjustments.open());
        model.addAttribute("page", adjustments.decided(Paging.of(null, cursor)));
        return "admin/adjustments";
    }

    @GetMapping("/new")
    String form(@ModelAttribute("form") AdjustmentForm form, Model model) {
        return form(form, Map.of(), model);
    }

    /** Shows what would happen, under the form as it was filled in; nothing is kept. */
    @PostMapping("/preview")
    String preview(@ModelAttribute("form") AdjustmentForm form, HttpServletResponse response, Model model) {
        var wrong = form.objections(books.today());
        if (wrong.isEmpty()) {
            tried(model, () -> model.addAttribute("effect", adjustments.preview(form.proposal())));
        } else {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        }
        return form(form, wrong, model);
    }

    @PostMapping
    String propose(
            @ModelAttribute("form") AdjustmentForm form,
            Principal person,
            HttpServletResponse response,
            Model model,
            RedirectAttributes redirect) {
        var wrong = form.objections(books.today());
        if (!wrong.isEmpty()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return form(form, wrong, model);
        }
        var number = Objects.requireNonNullElse(form.number(), adjustments.newNumber());
        var proposed = adjustments.propose(number, form.proposal(), person.getName());
        Flash.done(redirect, "adjustment.proposed");
        return to(proposed.number(), redirect);
    }

    @GetMapping("/{number}")
    String detail(@PathVariable String number, Principal person, Model model) {
        var adjustment = adjustments.get(number);
        model.addAttribute("adjustment", adjustment);
        model.addAttribute("proposal", adjustment.proposal());
        model.addAttribute("own", adjustment.proposedBy(person.getName()));
        if (adjustment.open()) {
            tried(model, () -> model.addAttribute("effect", adjustments.preview(adjustment.proposal())));
        }
        return "admin/adjustment";
    }

    @PostMapping("/{number}/approve")
    String approve(
            @PathVariable String number,
            @RequestParam(defaultValue = "") String note,
            Principal person,
            RedirectAttributes redirect) {
        return decided(number, redirect, () -> adjustments.approve(number, person.getName(), note));
    }

    @PostMapping("/{number}/reject")
    String reject(
            @PathVariable String number,
            @RequestParam(defaultValue = "") String note,
            Principal person,
            RedirectAttributes redirect) {
        if (note.isBlank()) {
            Flash.refused(redirect, "adjustment.wrong.note");
            return to(number, redirect);
        }
        return decided(number, redirect, () -> adjustments.reject(number, person.getName(), note));
    }

    @PostMapping("/{number}/withdraw")
    String withdraw(@PathVariable String number, Principal person, RedirectAttributes redirect) {
        return decided(number, redirect, () -> adjustments.withdraw(number, person.getName()));
    }

    private String decided(String number, RedirectAttributes redirect, Supplier<Adjustment> decision) {
        try {
            var decided = decision.get();
            switch (decided.state()) {
                case REFUSED -> Flash.refused(redirect, "adjustment.done.REFUSED");
                case PROPOSED, BOOKED, REJECTED, WITHDRAWN ->
                    Flash.done(redirect, "adjustment.done." + decided.state());
            }
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        return to(number, redirect);
    }

    /** What cannot be tried now is said on the page; the rest of the page is as true as before. */
    private void tried(Model model, Runnable preview) {
        try {
            preview.run();
        } catch (Refusal refusal) {
            model.addAttribute("obstacle", refusals.sentence(refusal));
        }
    }

    private String form(AdjustmentForm form, Map<String, String> wrong, Model model) {
        model.addAttribute("kinds", AdjustmentKind.values());
        model.addAttribute("number", form.number() == null ? adjustments.newNumber() : form.number());
        model.addAttribute("wrong", wrong);
        model.addAttribute("today", books.today());
        return "admin/adjustment-new";
    }

    private static String to(String number, RedirectAttributes redirect) {
        redirect.addAttribute("number", number);
        return "redirect:/admin/ledger/adjustments/{number}";
    }
}
