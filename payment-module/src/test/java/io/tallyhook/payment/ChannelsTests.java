package io.tallyhook.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.ObjectProvider;
import tallyhook.testing.PlainBank;

class ChannelsTests {

    private final Channels channels = channels(new Pocket("wallet"));

    @Test
    void the_account_of_what_is_paid_at_once_may_be_left_out_and_then_is_its_only_one() {
        assertThat(channels.require(by("wallet", null, "balance")).account()).isEqualTo("main");
        assertThat(channels.require(by("wallet", "main", "balance")).account()).isEqualTo("main");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "other", "MAIN"})
    void no_other_account_pays_at_once(String account) {
        assertThat(refused(by("wallet", account, "balance"))).isEqualTo("account must be one of main at wallet.");
    }

    @Test
    void at_a_provider_the_account_must_be_named() {
        assertThat(refused(by("bank", null, "external"))).isEqualTo("account must be one of main at bank.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"external", "till", ""})
    void what_is_paid_at_once_has_one_method_and_is_never_awaited(String method) {
        assertThat(refused(by("wallet", "main", method))).isEqualTo("method must be one of balance at wallet.");
    }

    @Test
    void it_knows_no_fields_of_its_own() {
        var channel = new PaymentRequest.Channel("wallet", null, "balance", null, Map.of("openid", "o1"));

        assertThat(refused(channel)).isEqualTo("openid is unknown to the method balance.");
    }

    @Test
    void what_can_be_chosen_includes_it() {
        assertThat(refused(by("nobody", "main", "external"))).isEqualTo("provider must be one of bank, wallet.");
    }

    @Test
    void where_none_is_installed_it_is_as_unknown_as_anything() {
        assertThatThrownBy(() -> channels().require(by("wallet", null, "balance")))
                .hasMessage("provider must be one of bank.");
    }

    @Test
    void nobody_is_called_for_it() {
        assertThat(channels.gateway("wallet", "balance")).isEmpty();
        assertThat(channels.instant("wallet")).isPresent();
        assertThat(channels.instant("bank")).isEmpty();
    }

    /** Its payments could be confirmed from outside. */
    @Test
    void it_may_not_have_the_name_of_a_provider() {
        assertThatThrownBy(() -> channels(new Pocket("bank")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'bank' names a provider and a method that pays at once");
    }

    @Test
    void two_may_not_have_the_same_name() {
        assertThatThrownBy(() -> channels(new Pocket("wallet"), new Pocket("wallet")))
                .isInstanceOf(IllegalStateException.class);
    }

    private String refused(PaymentRequest.Channel channel) {
        var refusal = catchThrowableOfType(Refusal.class, () -> channels.require(channel));
        assertThat(refusal.status().value()).isEqualTo(400);
        return refusal.detail();
    }

    private static PaymentRequest.Channel by(String provider, @Nullable String account, String method) {
        return new PaymentRequest.Channel(provider, account, method, null, Map.of());
    }

    private static Channels channels(InstantMethod... instants) {
        var bank = new PlainBank();
        return new Channels(List.of(bank), List.of(bank), new ObjectProvider<>() {
            @Override
            public Stream<InstantMethod> stream() {
                return Stream.of(instants);
            }
        });
    }

    private record Pocket(String provider) implements InstantMethod {

        @Override
        public String account() {
            return "main";
        }

        @Override
        public String method() {
            return "balance";
        }

        @Override
        public Taking take(InstantPayment payment) {
            throw new AssertionError("nobody pays here");
        }

        @Override
        public String giveBack(Entitlement.TakeBack refund) {
            throw new AssertionError("nobody is refunded here");
        }
    }
}
