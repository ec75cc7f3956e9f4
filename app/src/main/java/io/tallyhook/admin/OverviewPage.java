package io.tallyhook.admin;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.GiveUpRefunds;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentFilter;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.asking.Silences;
import io.tallyhook.payment.board.Board;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.CallbackLine;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.release.Releases;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page: whether all is well today, and what needs a person. */
@Controller
class OverviewPage {

    /** A short list: who sees more than this goes to the filtered lists. */
    private static final int SHOWN = 5;

    /** A mismatch older than this was seen long ago. */
    private static final Duration RECENT = Duration.ofDays(7);

    private final Callbacks callbacks;
    private final Payments payments;
    private final Refunds refunds;
    private final GiveUpRefunds giveUp;
    private final Releases releases;
    private final Board board;
    private final Silences silences;
    private final LearnedAccounts learned;
    private final Clock clock;

    OverviewPage(
            Callbacks callbacks,
            Payments payments,
            Refunds refunds,
            GiveUpRefunds giveUp,
            Releases releases,
            Board board,
            Silences silences,
            LearnedAccounts learned,
            Clock clock) {
        this.callbacks = callbacks;
        this.payments = payments;
        this.refunds = refunds;
        this.giveUp = giveUp;
        this.releases = releases;
        this.board = board;
        this.silences = silences;
        this.learned = learned;
        this.clock = clock;
    }

    @GetMapping("/admin")
    String overview(Model model) {
        model.addAttribute("figures", callbacks.figuresSince(TimeWindow.today(clock)));
        model.addAttribute("outcomes", Outcome.values());
        model.addAttribute("board", board.totals());
        model.addAttribute("boardKinds", BoardKind.values());
        model.addAttribute("parked", payments(FulfilmentState.PARKED));
        model.addAttribute("failed", payments(FulfilmentState.FAILED));
        model.addAttribute("waitingRefunds", refunds.awaitingApproval());
        model.addAttribute("givingUp", giveUp.awaitingConfirmation());
        model.addAttribute("waitingReleases", releases.waiting());
        model.addAttribute("mismatches", mismatches());
        model.addAttribute("silent", silences.now());
        model.addAttribute("learned", learned.all());
        return "admin/overview";
    }

    private List<Payment> payments(FulfilmentState fulfilment) {
        var filter = new PaymentFilter(null, null, fulfilment, null, null, null, null, null, null);
        return payments.search(filter, new Paging(SHOWN, null)).items();
    }

    /** Of each payment the newest: what its provider repeats for a day must not push the others out of sight. */
    private List<CallbackLine> mismatches() {
        var filter = new CallbackFilter(
                null, null, Set.of(Outcome.MISMATCH), null, clock.instant().minus(RECENT), null);
        var seen = new HashSet<@Nullable String>();
        return callbacks.search(filter, new Paging(Paging.MAX_LIMIT, null)).items().stream()
                .filter(line -> seen.add(line.outTradeNo()))
                .limit(SHOWN)
                .toList();
    }
}
