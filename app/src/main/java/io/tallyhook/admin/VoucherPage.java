package io.tallyhook.admin;

import io.tallyhook.wallet.books.Books;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** One booking whole. */
@Controller
class VoucherPage {

    private final Books books;
    private final Trail trail;

    VoucherPage(Books books, Trail trail) {
        this.books = books;
        this.trail = trail;
    }

    @GetMapping("/admin/ledger/vouchers/{journalId}")
    String voucher(@PathVariable long journalId, Model model) {
        var voucher = books.voucher(journalId);
        model.addAttribute("voucher", voucher);
        model.addAttribute("head", voucher.head());
        model.addAttribute("trail", trail.of(voucher));
        return "admin/voucher";
    }
}
