package io.tallyhook.admin;

import io.tallyhook.payment.Refusal;
import io.tallyhook.wallet.audit.Audit;
import io.tallyhook.wallet.audit.BooksMonth;
import java.security.Principal;
import java.time.DateTimeException;
import java.time.YearMonth;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** The months of the books, and their closing. */
@Controller
@RequestMapping("/admin/ledger/months")
class MonthPages {

    private final Audit audit;
    private final Refusals refusals;

    MonthPages(Audit audit, Refusals refusals) {
        this.audit = audit;
        this.refusals = refusals;
    }

    /** @param closable whether a person could close it now: it is open, and over in Beijing */
    record Line(BooksMonth books, boolean closable) {}

    @GetMapping
    String list(Model model) {
        model.addAttribute("months", audit.months().stream().map(this::line).toList());
        return "admin/months";
    }

    /** What a person should know before he closes it. */
    @GetMapping("/{month}")
    String detail(@PathVariable String month, Model model) {
        var known = find(month);
        model.addAttribute("line", line(known));
        model.addAttribute("checks", audit.checks(known.month()));
        return "admin/month";
    }

    @PostMapping("/{month}/close")
    String close(@PathVariable String month, Principal person, RedirectAttributes redirect) {
        var known = find(month);
        try {
            audit.close(known.month(), person.getName());
            Flash.done(redirect, "months.closing.begun", known.month());
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        redirect.addAttribute("month", known.month());
        return "redirect:/admin/ledger/months/{month}";
    }

    private Line line(BooksMonth month) {
        return new Line(month, month.state() == BooksMonth.State.OPEN && audit.isOver(month.month()));
    }

    private BooksMonth find(String text) {
        try {
            var month = YearMonth.parse(text);
            return audit.months().stream()
                    .filter(known -> known.month().equals(month))
                    .findFirst()
                    .orElseThrow(() -> Refusal.notFound("month", text));
        } catch (DateTimeException e) {
            throw Refusal.notFound("month", text);
        }
    }
}
