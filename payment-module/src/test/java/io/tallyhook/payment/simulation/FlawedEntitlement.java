package io.tallyhook.payment.simulation;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import java.time.Instant;
import java.util.List;

/** A module that is not told, or too often. */
record FlawedEntitlement(Entitlement module, Flaw flaw) implements Entitlement {

    static List<Entitlement> of(List<Entitlement> modules, Flaw flaw) {
        return modules.stream()
                .<Entitlement>map(module -> new FlawedEntitlement(module, flaw))
                .toList();
    }

    @Override
    public String purpose() {
        return module.purpose();
    }

    @Override
    public Preview preview(TakeBack refund) {
        return module.preview(refund);
    }

    @Override
    public Taking take(TakeBack refund) {
        return module.take(refund);
    }

    @Override
    public void settle(TakeBack refund, Instant at) {
        module.settle(refund, at);
        if (flaw == Flaw.MODULES_ARE_TOLD_TWICE) {
            module.settle(refund, at);
        }
    }

    @Override
    public void giveBack(TakeBack refund, Instant at) {
        if (flaw != Flaw.WHAT_WAS_TAKEN_IS_NOT_GIVEN_BACK) {
            module.giveBack(refund, at);
        }
    }

    @Override
    public Money takeWhatIsLeft(TakeBack refund, Instant at) {
        return module.takeWhatIsLeft(refund, at);
    }
}
