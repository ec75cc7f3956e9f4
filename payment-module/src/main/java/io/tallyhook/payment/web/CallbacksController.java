package io.tallyhook.payment.web;

import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.CallbackLine;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.callback.Replay;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/callbacks")
class CallbacksController {

    /** Who may see personal data in clear text. */
    private static final String RAW = "callbacks:raw";

    private final Callbacks callbacks;

    CallbacksController(Callbacks callbacks) {
        this.callbacks = callbacks;
    }

    @GetMapping
    Page<CallbackLine> callbacks(
            @RequestParam(required = false) @Nullable String outTradeNo,
            @RequestParam(required = false) @Nullable Outcome outcome,
            @RequestParam(required = false) @Nullable String provider,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(required = false) @Nullable Integer limit) {
        return callbacks.search(
                new CallbackFilter(null, outTradeNo, outcome == null ? Set.of() : Set.of(outcome), provider, from, to),
                Paging.of(limit, cursor));
    }

    @GetMapping("/{callbackId}")
    CallbackDetail callback(@PathVariable String callbackId, HttpServletRequest request) {
        return request.isUserInRole(RAW)
                ? callbacks.getUnmasked(callbackId, Caller.of(request))
                : callbacks.get(callbackId);
    }

    @PostMapping("/{callbackId}/replay")
    Replay replay(
            @PathVariable String callbackId,
            @RequestParam(defaultValue = "false") boolean dryRun,
            HttpServletRequest request) {
        return dryRun ? callbacks.dryRun(callbackId) : callbacks.replay(callbackId, Caller.of(request));
    }
}
