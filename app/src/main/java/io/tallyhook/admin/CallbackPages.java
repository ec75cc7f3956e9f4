package io.tallyhook.admin;

import io.tallyhook.payment.Paging;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.provider.CallbackProtocol;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The list of all deliveries. */
@Controller
@RequestMapping("/admin/callbacks")
class CallbackPages {

    /** More than this many new deliveries are only said to be many. */
    private static final int MOST_NEW = 99;

    private final Callbacks callbacks;
    private final List<String> providers;
    private final Clock clock;

    CallbackPages(Callbacks callbacks, List<CallbackProtocol> protocols, Clock clock) {
        this.callbacks = callbacks;
        this.providers =
                protocols.stream().map(CallbackProtocol::provider).sorted().toList();
        this.clock = clock;
    }

    @GetMapping
    String list(
            @ModelAttribute("asked") CallbackQuery query,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        var page = callbacks.search(query.filter(clock), Paging.of(null, cursor));
        var newest = page.items().isEmpty() ? null : page.items().getFirst();
        model.addAttribute("page", page);
        model.addAttribute("outcomes", Outcome.values());
        model.addAttribute("providers", providers);
        model.addAttribute("since", newest == null ? clock.instant() : newest.receivedAt());
        model.addAttribute("last", newest == null ? "" : newest.callbackId().toString());
        return "admin/callbacks";
    }

    /** How many deliveries have come in on top of a list: what the page asks for every few seconds. */
    @GetMapping("/newer")
    String newer(
            @ModelAttribute("asked") CallbackQuery query,
            @RequestParam Instant since,
            @RequestParam(defaultValue = "") String last,
            Model model) {
        var filter = query.filter(clock);
        var newest =
                new CallbackFilter(filter.number(), null, filter.outcomes(), filter.provider(), since, filter.to());
        var found = callbacks.search(newest, new Paging(MOST_NEW + 2, null)).items();
        long fresh = found.stream()
                .filter(line -> !line.callbackId().toString().equals(last))
                .count();
        model.addAttribute("fresh", Math.min(fresh, MOST_NEW));
        model.addAttribute("many", fresh > MOST_NEW);
        return "admin/callbacks :: newer";
    }
}
