package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardFilter;
import io.tallyhook.payment.board.BoardKind;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What is wrong between money and goods. The buttons that put it right lead to {@link RepairPages}. */
@Controller
@RequestMapping("/admin/board")
class BoardPages {

    private final Board board;
    private final BoardExport export;
    private final Download download;
    private final Clock clock;
    private final List<String> purposes;

    BoardPages(Board board, BoardExport export, Download download, Clock clock, ObjectProvider<Purpose> purposes) {
        this.board = board;
        this.export = export;
        this.download = download;
        this.clock = clock;
        this.purposes = purposes.stream().map(Purpose::code).sorted().toList();
    }

    /** The filter form, as it stands in the address; a repair comes back to it. */
    record Asked(@Nullable String kind, @Nullable String purpose) {

        /** In words that stay in the log of exports. */
        String words() {
            var chosen = filter();
            return "kind=%s purpose=%s"
                    .formatted(
                            chosen.kind() == null ? "*" : chosen.kind(),
                            chosen.purpose() == null ? "*" : chosen.purpose());
        }

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

    @GetMapping("/export")
    void export(
            @ModelAttribute("asked") Asked asked,
            @RequestParam String format,
            Principal person,
            HttpServletResponse response)
            throws IOException {
        var extract = export.of(asked.filter(), asked.words());
        download.send(extract, "board", ExportPages.wanted(format), person, response);
    }

    /** Made with the page, so that the button pressed twice gives back once. */
    private String newNumber() {
        return RequestId.fresh(clock).number('F');
    }
}
