package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.HandedOut;
import io.tallyhook.payment.HandedOut.Grant;
import io.tallyhook.payment.Payment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every module that sells tells the inspection what it has handed out. */
@AdminTest
class HandedOutIntegrationTests {

    private final Day day;
    private final List<HandedOut> modules;

    HandedOutIntegrationTests(Day day, List<HandedOut> modules) {
        this.day = day;
        this.modules = modules;
    }

    @Test
    void everyModuleKnowsWhatItHandedOutAndNothingOfTheRest() {
        assertThat(modules).extracting(HandedOut::purpose).contains("GOODS", "RECHARGE", "VIP");
        var order = day.paid("user-inspected", 5100);
        var recharge = day.pays(day.recharging("user-inspected"));
        var membership = day.pays(day.buyingMembership("user-inspected"));
        var open = day.ordered("user-inspected", "wechat", 5200);

        for (var paid : List.of(order, recharge, membership)) {
            var grant = of(paid).getFirst();
            assertThat(grant.outTradeNo()).isEqualTo(paid.outTradeNo());
            assertThat(grant.reference()).isEqualTo(paid.reference());
            assertThat(grant.userId()).isEqualTo("user-inspected");
            assertThat(grant.amount()).isEqualTo(paid.amount());
            assertThat(grant.stillGranted()).isTrue();
            assertThat(pages(paid)).contains(grant).doesNotHaveDuplicates();
        }
        assertThat(of(open)).isEmpty();
    }

    private List<Grant> of(Payment payment) {
        return module(payment).of(List.of(payment.outTradeNo(), "P0-NOBODY"));
    }

    /** All of it, two by two. */
    private List<Grant> pages(Payment payment) {
        var all = new ArrayList<Grant>();
        var page = module(payment).after("", 2);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = module(payment).after(page.getLast().outTradeNo(), 2);
        }
        return all;
    }

    private HandedOut module(Payment payment) {
        return modules.stream()
                .filter(one -> one.purpose().equals(payment.purpose()))
                .findFirst()
                .orElseThrow();
    }
}
