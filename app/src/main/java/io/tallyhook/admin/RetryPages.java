package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Retries;
import java.security.Principal;
import java.time.Clock;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Handing out again all that a filter shows: how much that would be, how far it is, and stopping it. */
@Controller
@RequestMapping("/admin/payments/retries")
class RetryPages {

    private final Retries retries;
    private final Refusals refusals;
    private final Clock clock;

    RetryPages(Retries retries, Refusals refusals, Clock clock) {
        this.retries = retries;
        this.refusals = refusals;
        this.clock = clock;
    }

    @GetMapping
    String list(Model model) {
        model.addAttribute("jobs", retries.latest());
        return "admin/retries";
    }

    /** Counts what fits; nothing is done yet. */
    @GetMapping("/new")
    String count(@ModelAttribute("asked") PaymentQuery query, Model model) {
        model.addAttribute("count", retries.count(query.filter(clock)));
        return "admin/retry-new";
    }

    @PostMapping
    String begin(@ModelAttribute("asked") PaymentQuery query, Principal person, RedirectAttributes redirect) {
        try {
            var job = retries.begin(query.filter(clock), person.getName());
            Flash.done(redirect, "retry.begun");
            return to(job.id(), redirect);
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
            return "redirect:/admin/payments/retries";
        }
    }

    @GetMapping("/{id:[0-9]{1,18}}")
    String detail(@PathVariable long id, Model model) {
        model.addAttribute("job", retries.get(id));
        return "admin/retry";
    }

    @PostMapping("/{id:[0-9]{1,18}}/cancel")
    String cancel(@PathVariable long id, Principal person, RedirectAttributes redirect) {
        try {
            retries.cancel(id, person.getName());
            Flash.done(redirect, "retry.cancelled");
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        return to(id, redirect);
    }

    private static String to(long id, RedirectAttributes redirect) {
        redirect.addAttribute("id", id);
        return "redirect:/admin/payments/retries/{id}";
    }
}
