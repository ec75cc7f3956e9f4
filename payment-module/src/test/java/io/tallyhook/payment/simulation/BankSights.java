package io.tallyhook.payment.simulation;

import java.util.Set;
import java.util.TreeSet;

/** What came about in stories at the bank: one in which nothing special happens proves nothing. */
record BankSights(Set<String> seen) {

    BankSights() {
        this(new TreeSet<>());
    }

    void happened(String what) {
        seen.add(what);
    }

    void see(Standing now) {
        seen.add(now.row().payment().state().name());
        seen.add("fulfilment " + now.row().payment().fulfilment());
        now.refunds().forEach(refund -> {
            seen.add("refund " + refund.state() + (refund.ours() ? "" : " by the bank"));
            if (refund.refundNo().endsWith(Standing.AFTER_ALL)) {
                seen.add("gone after all");
            }
            if (refund.stuck()) {
                seen.add("stuck");
            }
        });
        now.decisions().forEach(one -> seen.add("policy %s %s %s".formatted(one.reason(), one.action(), one.result())));
        now.calls().forEach(call -> seen.add("module " + call.what()));
    }
}
