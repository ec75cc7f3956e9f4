package io.tallyhook.admin;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InstantMethod;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.Refunds;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.policy.CreditToWallet;
import io.tallyhook.payment.policy.Policies;
import io.tallyhook.payment.provider.CallbackProtocol;
import io.tallyhook.payment.release.Releases;
import java.security.Principal;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** Every attempt to pay something, and repairing those that were paid and not handed out. */
@Controller
@RequestMapping("/admin/payments")
class PaymentPages {

    /** What is repeated for a day must not bury what a person has to decide. */
    private static final Paging FEW = new Paging(10, null);

    private final Payments payments;
    private final Refunds refunds;
    private final Callbacks callbacks;
    private final Policies policies;
    private final Releases releases;
    private final CreditToWallet credit;
    private final PaidFor paidFor;
    private final Refusals refusals;
    private final Clock clock;
    private final List<String> purposes;
    private final List<String> callers;
    private final List<String> providers;

    PaymentPages(
            Payments payments,
            Refunds refunds,
            Callbacks callbacks,
            Policies policies,
            Releases releases,
            CreditToWallet credit,
            PaidFor paidFor,
            Refusals refusals,
            Clock clock,
            ObjectProvider<Purpose> purposes,
            List<CallbackProtocol> protocols,
            ObjectProvider<InstantMethod> instants) {
        this.payments = payments;
        this.refunds = refunds;
        this.callbacks = callbacks;
        this.policies = policies;
        this.releases = releases;
        this.credit = credit;
        this.paidFor = paidFor;
        this.refusals = refusals;
        this.clock = clock;
        this.purposes = purposes.stream().map(Purpose::code).sorted().toList();
        this.callers = protocols.stream().map(CallbackProtocol::provider).toList();
        this.providers = Stream.concat(callers.stream(), instants.stream().map(InstantMethod::provider))
                .sorted()
                .toList();
    }

    @GetMapping
    String list(
            @ModelAttribute("asked") PaymentQuery query,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        model.addAttribute("page", payments.search(query.filter(clock), Paging.of(null, cursor)));
        model.addAttribute("states", PaymentState.values());
        model.addAttribute("fulfilments", FulfilmentState.values());
        model.addAttribute("purposes", purposes);
        model.addAttribute("providers", providers);
        return "admin/payments";
    }

    @GetMapping("/{outTradeNo}")
    String detail(@PathVariable String outTradeNo, Principal person, Model model) {
        var payment = payments.get(outTradeNo);
        var refunds = this.refunds.of(outTradeNo);
        model.addAttribute("payment", payment);
        model.addAttribute("paidFor", paidFor.path(payment));
        model.addAttribute("retryable", retryable(payment));
        model.addAttribute("refundable", payment.state().wasPaid() && payment.state() != PaymentState.REFUNDED);
        model.addAttribute(
                "creditable",
                credit.fits(payment)
                        && refunds.stream().allMatch(refund -> refund.state().equals("FAILED")));
        model.addAttribute("steps", PaymentStep.of(payment, refunds));
        model.addAttribute("refunds", refunds);
        model.addAttribute("person", person.getName());
        model.addAttribute(
                "refunded", new Money(payment.refundedAmount(), payment.amount().currency()));
        model.addAttribute("somebodyCalls", callers.contains(payment.provider()));
        model.addAttribute("callbacks", callbacks.search(CallbackFilter.of(outTradeNo), FEW));
        model.addAttribute("releases", releases.of(outTradeNo));
        model.addAttribute("decisions", policies.decisions(outTradeNo));
        model.addAttribute("interventions", Deeds.of(callbacks.interventions(outTradeNo), refunds));
        model.addAttribute(
                "askable", payments.askable(payment) && !payment.state().wasPaid());
        model.addAttribute("questions", payments.questions(outTradeNo));
        return "admin/payment";
    }

    @PostMapping("/{outTradeNo}/retry")
    String retry(@PathVariable String outTradeNo, Principal person, RedirectAttributes redirect) {
        try {
            payments.retryFulfilment(outTradeNo, person.getName());
            Flash.done(redirect, "payment.retried");
        } catch (Refusal refusal) {
            refusals.flash(refusal, redirect);
        }
        redirect.addAttribute("outTradeNo", outTradeNo);
        return "redirect:/admin/payments/{outTradeNo}";
    }

    /** Whether a person's retry makes sense; the rest is done, or needs a decision. */
    private static boolean retryable(Payment payment) {
        if (payment.state() != PaymentState.PAID) {
            return false;
        }
        return switch (payment.fulfilment()) {
            case PENDING, FAILED -> true;
            case PARKED ->
                payment.fulfilmentReason() == ParkingReason.RETRIES_EXHAUSTED
                        || payment.fulfilmentReason() == ParkingReason.NO_LISTENER;
            case NONE, SUCCEEDED, CANCELLED, REVERSED -> false;
        };
    }
}
