package io.tallyhook.payment.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Purpose;
import io.tallyhook.payment.provider.settings.UnusableSetting;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What may be configured, what is refused with which words, and what holds without any configuration. */
class ReadPoliciesTests {

    private static PolicySettings read(Map<String, String> settings) {
        return read(settings, true);
    }

    private static PolicySettings read(Map<String, String> settings, boolean wallet) {
        var purposes = Set.of(new Purpose("GOODS"), new Purpose("GIFT_CARD"));
        return new ReadPolicies(new Binder(new MapConfigurationPropertySource(settings)), purposes, wallet).read();
    }

    @Test
    void without_a_word_late_payments_are_reopened_what_is_too_much_goes_back_and_a_wrong_amount_is_asked_about() {
        var settings = read(Map.of());

        for (var purpose : Set.of("GOODS", "GIFT_CARD")) {
            assertThat(settings.action(purpose, PolicyCase.LATE)).isEqualTo(Action.REOPEN);
            assertThat(settings.action(purpose, PolicyCase.SURPLUS)).isEqualTo(Action.REFUND);
            assertThat(settings.action(purpose, PolicyCase.CANCELLED)).isEqualTo(Action.REFUND);
            assertThat(settings.action(purpose, PolicyCase.AMOUNT)).isEqualTo(Action.ASK);
        }
        assertThat(settings.after()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.refundAtMost()).isEqualTo(100_000);
        assertThat(settings.creditAtMost()).isEqualTo(100_000);
    }

    @Test
    void a_line_of_a_purpose_goes_before_the_default_line_and_that_before_ours() {
        var settings = read(Map.of(
                "tallyhook.policies.default.late", "ask",
                "tallyhook.policies.default.surplus", "ASK",
                "tallyhook.policies.gift-card.late", "REFUND",
                "tallyhook.policies.after", "5m",
                "tallyhook.policies.gift-card.cancelled", "credit-to-wallet",
                "tallyhook.policies.refund-at-most", "0",
                "tallyhook.policies.credit-at-most", "5000"));

        assertThat(settings.action("GOODS", PolicyCase.LATE)).isEqualTo(Action.ASK);
        assertThat(settings.action("GIFT_CARD", PolicyCase.LATE)).isEqualTo(Action.REFUND);
        assertThat(settings.action("GIFT_CARD", PolicyCase.SURPLUS)).isEqualTo(Action.ASK);
        assertThat(settings.action("GOODS", PolicyCase.CANCELLED)).isEqualTo(Action.REFUND);
        assertThat(settings.after()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.action("GIFT_CARD", PolicyCase.CANCELLED)).isEqualTo(Action.CREDIT_TO_WALLET);
        assertThat(settings.refundAtMost()).isZero();
        assertThat(settings.creditAtMost()).isEqualTo(5_000);
    }

    @Test
    void only_the_purposes_that_say_so_give_another_amount_back_by_themselves() {
        var settings = read(Map.of("tallyhook.policies.gift-card.amount", "refund"));

        assertThat(settings.purposesWith(PolicyCase.AMOUNT, Action.REFUND)).containsExactly("GIFT_CARD");
        assertThat(read(Map.of("tallyhook.policies.default.amount", "REFUND"))
                        .purposesWith(PolicyCase.AMOUNT, Action.REFUND))
                .containsExactlyInAnyOrder("GOODS", "GIFT_CARD");
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "goods.surplus | REOPEN | is paid already",
                "goods.cancelled | REOPEN | is cancelled",
                "default.amount | REOPEN | only by two people",
                "goods.amount | REOPEN | only by two people",
                "goods.amount | CREDIT_TO_WALLET | only by two people",
                "goods.late | FORGET | is no policy",
                "goods.lately | ASK | there are late, surplus, cancelled, amount",
                "tickets.late | ASK | names no purpose",
                "after | soon | cannot be read",
                "after | -1s | must not be negative",
                "refund-at-most | -5 | must be an amount",
                "credit-at-most | -1 | must be an amount",
                "credit-at-most | much | cannot be read"
            })
    void what_cannot_be_meant_stops_the_start_and_says_which_setting_it_was(String name, String value, String said) {
        assertThatThrownBy(() -> read(Map.of("tallyhook.policies." + name, value)))
                .isInstanceOf(UnusableSetting.class)
                .hasMessageContaining("tallyhook.policies." + name.split("\\.", 2)[0])
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"default.late", "default.surplus", "goods.late", "goods.cancelled", "gift-card.surplus"})
    void without_a_module_that_offers_a_wallet_nothing_can_be_credited_and_the_start_says_so(String name) {
        var setting = "tallyhook.policies." + name;

        assertThatThrownBy(() -> read(Map.of(setting, "CREDIT_TO_WALLET"), false))
                .isInstanceOf(UnusableSetting.class)
                .hasMessageContaining(setting)
                .hasMessageContaining("no module here offers a wallet");
        assertThat(read(Map.of(setting, "ASK"), false).creditAtMost()).isEqualTo(100_000);
        assertThat(read(Map.of(setting, "CREDIT_TO_WALLET"), true).action("GIFT_CARD", PolicyCase.AMOUNT))
                .isEqualTo(Action.ASK);
    }

    @Test
    void nothing_is_credited_to_a_wallet_unless_it_is_written_down() {
        var settings = read(Map.of());

        for (var of : PolicyCase.values()) {
            assertThat(settings.action("GOODS", of)).isNotEqualTo(Action.CREDIT_TO_WALLET);
        }
    }
}
