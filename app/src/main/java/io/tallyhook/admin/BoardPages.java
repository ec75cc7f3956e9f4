package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refund;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.board.Repairs;
import java.security.Principal;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** What is wrong between money and goods, and the buttons that put it right. */
@Controller
@RequestMapping("/admin/board")
class BoardPages {

    private final Board board;
    private final Repairs repairs;
    private final Payments payments;
    private final Refusals refusals;
    private final Clock clock;
    private final List<String> purposes;

    BoardPages(
            Board board,
            Repairs repairs,
            Payments payments,
            Refusals refusals,
            Clock clock,
            ObjectProvider<Purpose> purposes) {
        this.board = board;
        this.repairs = repairs;
        this.payments = payments;
        this.refusals = refusals;
        this.clock = clock;
        this.purposes = purposes.stream().map(Purpose::code).sorted().toList();
    }

    /** The filter form, as it stands in the address; a repair comes back to it. */
    record Asked(@Nullable String kind, @Nullable String purpose) {

        BoardFilter filter() {
            return new BoardFilter(Filled.constant(BoardKind.class, kind).orElse(null), Filled.text(purpose), null);
        }

        /** Whether it limits anything, so that an empty list means that nothing fits. */
        public boolean limits() {
            return Filled.text(kind) != null || Filled.text(purpose) != null;
        }
    }

    @GetMapping
    String list(
            @ModelAttribute("asked") Asked asked,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var page = board.lines(asked.filter(), Paging.of(null, cursor));
        model.addAttribute("page", page);
        model.addAttribute("ages", Ages.of(page.items(), clock));
        model.addAttribute(
                "numbers", page.items().stream().map(line -> newNumber()).toList());
        model.addAttribute("kinds", BoardKind.values());
        model.addAttribute("totals", board.totals());
        model.addAttribute("purposes", purposes);
        return "admin/board";
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

    /** Made with the page, so that the button pressed twice gives back once. */
    private String newNumber() {
        return RequestId.fresh(clock).number('F');
    }
}
