package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.membership.PurchaseState;
import io.tallyhook.orders.OrderState;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.asking.ProviderSays;
import io.tallyhook.payment.asking.Question;
import io.tallyhook.payment.board.BoardKind;
import io.tallyhook.payment.board.Cause;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail.Result;
import io.tallyhook.payment.policy.Action;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.release.Release;
import io.tallyhook.wallet.RechargeState;
import io.tallyhook.wallet.audit.BooksMonth;
import io.tallyhook.wallet.books.AdjustmentKind;
import io.tallyhook.wallet.books.AdjustmentState;
import io.tallyhook.wallet.books.LotStory;
import io.tallyhook.wallet.books.Purse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What templates put together of a prefix and a constant has its words, also when a module gets a new constant. */
class ConstantsTests {

    private static final Path PAYMENTS = Path.of("../payment-module/src/main");

    /** An action has two words or more, in code or in SQL. */
    private static final Pattern ACTION =
            Pattern.compile("\"([A-Z]+_[A-Z_]+)\"(?=[,;\\s:])|SELECT now\\(\\), :actor, '([A-Z_]+)'");

    static Stream<Arguments> prefixes() {
        return Stream.of(
                of(PaymentState.class, "badge.payment."),
                of(FulfilmentState.class, "badge.fulfilment."),
                of(Outcome.class, "badge.outcome.", "outcome.", "replay."),
                of(OrderState.class, "badge.order."),
                of(RechargeState.class, "badge.recharge."),
                of(PurchaseState.class, "badge.purchase."),
                of(ProviderSays.class, "badge.says."),
                of(Release.State.class, "badge.release."),
                of(Release.Action.class, "release.action.", "release.done.", "release.confirm.title."),
                of(BoardKind.class, "badge.board."),
                of(Cause.class, "board.cause."),
                of(AdjustmentState.class, "badge.adjustment."),
                of(AdjustmentKind.class, "adjustment.kind."),
                of(BooksMonth.State.class, "badge.month."),
                of(ParkingReason.class, "parking."),
                of(Check.class, "check."),
                of(Result.class, "check.result."),
                of(Rejection.class, "rejection."),
                of(Question.Why.class, "asking.why."),
                of(Action.class, "policy.action."),
                of(LotStory.Why.class, "lot.why."),
                of(Purse.class, "wallet.part."));
    }

    @ParameterizedTest
    @MethodSource("prefixes")
    void every_constant_has_its_words_in_both_languages(Class<? extends Enum<?>> constants, String[] prefixes) {
        for (var prefix : prefixes) {
            for (var constant : constants.getEnumConstants()) {
                hasWords(prefix + constant.name());
            }
        }
    }

    @Test
    void every_action_of_a_person_has_its_words_in_both_languages() throws IOException {
        var actions = actions();

        assertThat(actions).hasSizeGreaterThan(15).contains("REPLAY_CALLBACK", "RETRY_FULFILMENT", "DECLINE_RELEASE");
        actions.forEach(action -> hasWords("action." + action));
    }

    private static void hasWords(String key) {
        assertThat(Words.of("/messages.properties")).containsKey(key);
        assertThat(Words.of("/messages_zh_CN.properties")).containsKey(key);
    }

    /** Of all classes that record what a person did. */
    private static TreeSet<String> actions() throws IOException {
        var actions = new TreeSet<String>();
        try (var files = Files.walk(PAYMENTS)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                var source = Files.readString(file);
                if (source.contains("interventions.record(") || source.contains("INTO payment.intervention")) {
                    ACTION.matcher(source)
                            .results()
                            .forEach(found -> actions.add(found.group(1) == null ? found.group(2) : found.group(1)));
                }
            }
        }
        return actions;
    }

    private static Arguments of(Class<? extends Enum<?>> constants, String... prefixes) {
        return Arguments.of(constants, Arrays.copyOf(prefixes, prefixes.length));
    }
}
