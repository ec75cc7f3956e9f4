package io.tallyhook.payment.asking;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallyhook.payment.asking.Question.Why;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Does one errand: asks the provider, books what it says, closes here what is closed there, and says when to come again. If
 * it is killed anywhere in between, the errand is due again when its lease ends, and doing it again does no harm.
 */
@Component
class RunErrand {

    private static final Logger log = LoggerFactory.getLogger(RunErrand.class);

    private final AskProvider provider;
    private final PendingPayments payments;
    private final DueErrands due;
    private final Questions questions;
    private final AskingSettings settings;
    private final MeterRegistry metrics;
    private final Clock clock;
    private final RandomGenerator random;

    RunErrand(
            AskProvider provider,
            PendingPayments payments,
            DueErrands due,
            Questions questions,
            AskingSettings settings,
            MeterRegistry metrics,
            Clock clock,
            RandomGenerator random) {
        this.provider = provider;
        this.payments = payments;
        this.due = due;
        this.questions = questions;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        this.random = random;
    }

    void run(Errand errand) {
        var answer = answer(errand);
        if (errand.closes() && answer.says() == ProviderSays.CLOSED && payments.close(errand.outTradeNo())) {
            log.info("Payment {} was closed: {}", errand.outTradeNo(), errand.why());
        }
        if (answer.foundMoney()) {
            log.info("Payment {} is paid: nobody called, asking found it", errand.outTradeNo());
        }
        if (errand.askable()) {
            record(errand, answer);
        }
        due.done(errand, clock.instant().truncatedTo(ChronoUnit.MICROS).plus(gap(errand, answer)));
    }

    /** An answer to every question: what our own rules or settings forbid to ask is as unclear as no answer. */
    private Answer answer(Errand errand) {
        var account = errand.account();
        if (!errand.askable()) {
            return Answer.of(ProviderSays.CLOSED);
        }
        try {
            return errand.closes()
                    ? provider.close(account.provider(), account.name(), errand.outTradeNo())
                    : provider.query(account.provider(), account.name(), errand.outTradeNo());
        } catch (RuntimeException e) {
            log.warn("{} could not be asked about payment {}", account, errand.outTradeNo(), e);
            return Answer.unclear(e.getMessage());
        }
    }

    private void record(Errand errand, Answer answer) {
        questions.answered(errand.outTradeNo(), errand.begun(), answer, clock.instant());
        metrics.counter(
                        "tallyhook.asked",
                        "provider",
                        errand.account().provider(),
                        "account",
                        errand.account().name(),
                        "why",
                        errand.why().name(),
                        "answer",
                        answer.says().name())
                .increment();
    }

    private Duration gap(Errand errand, Answer answer) {
        int after = errand.times() + (errand.why() == Why.USUAL ? 1 : 0);
        var gaps = settings.startingAt(errand.firstGap());
        var gap = answer.unsettled() && !errand.closes()
                ? gaps.unclearGap(after, errand.silent())
                : gaps.gap(after, errand.silent());
        return AskingSettings.spread(gap, random);
    }
}
