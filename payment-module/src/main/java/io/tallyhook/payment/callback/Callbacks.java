package io.tallyhook.payment.callback;

import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.callback.CallbackDetail.Answered;
import io.tallyhook.payment.callback.CallbackDetail.Caused;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import io.tallyhook.payment.callback.CallbackRows.Stored;
import io.tallyhook.payment.provider.CallbackProtocol;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The callback log, for people and for the merchant API. */
@Component
public class Callbacks {

    private final CallbackRows rows;
    private final ExplainChecks explain;
    private final ReplayCallback replay;
    private final Protocols protocols;
    private final Payments payments;
    private final CallbackInterventions interventions;
    private final CountFigures figures;

    Callbacks(
            CallbackRows rows,
            ExplainChecks explain,
            ReplayCallback replay,
            Protocols protocols,
            Payments payments,
            CallbackInterventions interventions,
            CountFigures figures) {
        this.rows = rows;
        this.explain = explain;
        this.replay = replay;
        this.protocols = protocols;
        this.payments = payments;
        this.interventions = interventions;
        this.figures = figures;
    }

    /** Newest first. */
    public Page<CallbackLine> search(CallbackFilter filter, Paging paging) {
        return rows.search(filter, paging);
    }

    /**
     * One delivery, with personal data masked.
     *
     * @throws Refusal (404) if there is none
     */
    public CallbackDetail get(String callbackId) {
        return detail(rows.get(callbackId), true);
    }

    /**
     * One delivery in clear text; that it was looked at is recorded.
     *
     * @param actor who looks
     * @throws Refusal (404) if there is none
     */
    public CallbackDetail getUnmasked(String callbackId, String actor) {
        var stored = rows.get(callbackId);
        interventions.record(actor, "UNMASK_CALLBACK", stored.line(), InterventionResult.of(Code.UNMASKED));
        return detail(stored, false);
    }

    /**
     * Says what running the stored delivery again would change, and changes nothing.
     *
     * @throws Refusal (404) if there is none
     */
    public Replay dryRun(String callbackId) {
        return replay.dryRun(rows.get(callbackId));
    }

    /**
     * Runs the stored delivery again: verified as of its arrival, and booked through the same intake, so that it can
     * book nothing that an arriving delivery could not.
     *
     * @param actor who asks for it; recorded with the booking
     * @throws Refusal (404) if there is none
     */
    public Replay replay(String callbackId, String actor) {
        return replay.run(rows.get(callbackId), actor);
    }

    /** What came in since then, and what is still open now; cheap, because it counts up to bounds only. */
    public Figures figuresSince(Instant from) {
        return figures.since(from);
    }

    /** What people did with a payment and with the deliveries about it, newest first. */
    public List<Intervention> interventions(String outTradeNo) {
        return interventions.with(outTradeNo);
    }

    private CallbackDetail detail(Stored stored, boolean masked) {
        var delivery = stored.delivery();
        var protocol = protocols.find(delivery.provider(), delivery.account());
        var body = new String(delivery.body(), StandardCharsets.UTF_8);
        var content = protocol.map(known -> known.content(delivery)).orElse("{}");
        return new CallbackDetail(
                stored.line(),
                delivery.headers(),
                masked ? Masking.mask(body) : body,
                masked ? Masking.mask(content) : content,
                masked,
                explain.explain(stored, protocol),
                answered(stored, protocol),
                caused(stored.line()).orElse(null),
                rows.siblings(stored.line()),
                interventions.with(stored.line().callbackId()));
    }

    private static Answered answered(Stored stored, Optional<CallbackProtocol> protocol) {
        return protocol.map(known -> known.reply(ExplainChecks.answer(stored.line())))
                .filter(reply -> reply.status() == stored.line().replyStatus())
                .map(reply -> new Answered(reply.status(), reply.contentType(), reply.text()))
                .orElseGet(() -> new Answered(stored.line().replyStatus(), "", ""));
    }

    private Optional<Caused> caused(CallbackLine line) {
        return Optional.ofNullable(line.outTradeNo())
                .flatMap(payments::find)
                .map(payment -> new Caused(
                        payment.outTradeNo(),
                        payment.purpose(),
                        payment.reference(),
                        payment.state(),
                        payment.fulfilment(),
                        payment.fulfilmentReason()));
    }
}
