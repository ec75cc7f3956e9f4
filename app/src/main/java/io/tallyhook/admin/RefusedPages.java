package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** What the admin pages cannot show becomes a page that says why, with the right status. */
@ControllerAdvice(basePackageClasses = RefusedPages.class)
class RefusedPages {

    private final Refusals refusals;

    RefusedPages(Refusals refusals) {
        this.refusals = refusals;
    }

    @ExceptionHandler
    String on(Refusal refusal, HttpServletResponse response, Model model) {
        response.setStatus(refusal.status().value());
        model.addAttribute("status", refusal.status().value());
        model.addAttribute("sentence", refusals.sentence(refusal));
        return "admin/refused";
    }
}
