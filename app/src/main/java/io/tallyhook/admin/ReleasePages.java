package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.release.Release;
import io.tallyhook.payment.release.Release.Action;
import io.tallyhook.payment.release.Releases;
import java.security.Principal;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Letting a delivery of another amount out of its quarantine: proposed on its page, decided there or on its payment's. */
@Controller
class ReleasePages {

    private final Releases releases;
    private final Refusals refusals;

    ReleasePages(Releases releases, Refusals refusals) {
        this.releases = releases;
        this.refusals = refusals;
    }

    @PostMapping("/admin/callbacks/{callbackId}/release")
    String propose(
            @PathVariable String callbackId,
            @RequestParam Action action,
            @RequestParam(defaultValue = "") String reason,
            Principal person,
            RedirectAttributes redirect) {
        try {
            releases.propose(callbackId, action, reason.strip(), person.getName());
            Flash.done(redirect, "release.proposed");
        } catch (Refusal refusal) {
            refused(refusal, redirect);
        }
        redirect.addAttribute("callbackId", callbackId);
        return "redirect:/admin/callbacks/{callbackId}";
    }

    @PostMapping("/admin/releases/{id}/confirm")
    String confirm(@PathVariable long id, Principal person, RedirectAttributes redirect) {
        var proposal = releases.get(id);
        try {
            Flash.done(
                    redirect,
                    "release.done." + releases.confirm(id, person.getName()).action());
        } catch (Refusal refusal) {
            refused(refusal, redirect);
        }
        return to(proposal, redirect);
    }

    /** Who has proposed it withdraws it in the same way. */
    @PostMapping("/admin/releases/{id}/reject")
    String reject(
            @PathVariable long id,
            @RequestParam(defaultValue = "") String note,
            Principal person,
            RedirectAttributes redirect) {
        var proposal = releases.get(id);
        try {
            releases.reject(id, person.getName(), note.strip());
            Flash.done(redirect, "release.rejected");
        } catch (Refusal refusal) {
            refused(refusal, redirect);
        }
        return to(proposal, redirect);
    }

    private void refused(Refusal refusal, RedirectAttributes redirect) {
        if (refusal.status() == HttpStatus.BAD_REQUEST) {
            Flash.refused(redirect, "release.wrong.words");
        } else {
            refusals.flash(refusal, redirect);
        }
    }

    private static String to(Release proposal, RedirectAttributes redirect) {
        redirect.addAttribute("outTradeNo", proposal.outTradeNo());
        return "redirect:/admin/payments/{outTradeNo}";
    }
}
