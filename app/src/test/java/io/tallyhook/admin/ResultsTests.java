package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.InterventionResult.Code;
import io.tallyhook.payment.InterventionResult.Value;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.asking.ProviderSays;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail.Intervention;
import io.tallyhook.payment.provider.Rejection;
import io.tallyhook.payment.release.Release;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.ResourceBundleMessageSource;

/** What came of what a person did is said in the reader's language, with words and not with names of states. */
class ResultsTests {

    private static final Pattern A_NAME_OF_A_STATE = Pattern.compile("[A-Z]{3,}");

    private final Results results = new Results(messages(), new Show(messages()));

    @AfterEach
    void noLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RETRIED_WITH_OTHERS | FAILED;12                | Before that: Failed, will retry. Together with others, in retry 12 | 此前：失败，将重试；属于批量重试 12",
                "ANSWERED            | PAID;CONFIRMED           | Its answer: Paid. Outcome here: Confirmed | 答复：已支付；处理结果：已确认",
                "RELEASE_PROPOSED    | REFUND;20.00 CNY;Sent it | Give all of it back, ¥20.00: “Sent it” | 全部退回，¥20.00：“Sent it”",
                "GIVING_UP           | F01;SUCCEEDED;by bank    | F01, paid out in another way: “by bank” | F01，已用其他方式退款：“by bank”",
                "REOPENED            | LATE                     | Before that: Paid after it was closed | 此前：关闭后才付款",
            })
    void a_result_is_said_in_both_languages(Code code, String values, String english, String chinese) {
        var result = InterventionResult.of(code, (Object[]) values.split(";"));

        assertThat(say(result, Locale.ENGLISH)).isEqualTo(english);
        assertThat(say(result, Locale.SIMPLIFIED_CHINESE)).isEqualTo(chinese);
    }

    @Test
    void what_was_stored_before_there_were_codes_is_said_as_it_was_written() {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);

        assertThat(results.say(intervention("was FAILED", null))).isEqualTo("was FAILED");
    }

    @Test
    void what_a_person_wrote_is_not_translated() {
        assertThat(say(InterventionResult.of(Code.SETTLED, "REFUND {0} 'by' hand"), Locale.SIMPLIFIED_CHINESE))
                .isEqualTo("“REFUND {0} 'by' hand”");
    }

    @ParameterizedTest
    @EnumSource
    void every_code_and_every_value_that_it_may_have_has_words_in_both_languages(Code code) {
        for (var locale : new Locale[] {Locale.ENGLISH, Locale.SIMPLIFIED_CHINESE}) {
            for (int i = 0; i < code.kinds().size(); i++) {
                for (var value : possible(code.kinds().get(i))) {
                    var values =
                            code.kinds().stream().map(kind -> possible(kind)[0]).toArray(String[]::new);
                    values[i] = value;
                    assertThat(say(InterventionResult.of(code, (Object[]) values), locale))
                            .as("%s %s", code, value)
                            .doesNotContainPattern(A_NAME_OF_A_STATE)
                            .doesNotContain("??");
                }
            }
        }
    }

    private static String[] possible(Value kind) {
        return switch (kind) {
            case NUMBER -> new String[] {"7"};
            case WORDS -> new String[] {"because"};
            case AMOUNT -> new String[] {"19.99 CNY"};
            case FULFILMENT -> names(FulfilmentState.values());
            case PARKING -> names(ParkingReason.values());
            case REFUND -> new String[] {"REQUESTED", "PROCESSING", "SUCCEEDED", "FAILED"};
            case OUTCOME -> names(Outcome.values());
            case REJECTION -> names(Rejection.values());
            case SAYS -> names(ProviderSays.values());
            case RELEASE -> names(Release.Action.values());
            case GIVEN_UP_AS -> new String[] {"FAILED", "SUCCEEDED"};
        };
    }

    private static String[] names(Enum<?>... all) {
        return Stream.of(all).map(Enum::name).toArray(String[]::new);
    }

    private String say(InterventionResult result, Locale locale) {
        LocaleContextHolder.setLocale(locale);
        return results.say(intervention(result.english(), result));
    }

    private static Intervention intervention(String english, @Nullable InterventionResult said) {
        return new Intervention(Instant.EPOCH, "mei", "DEED", english, said);
    }

    static ResourceBundleMessageSource messages() {
        var messages = new ResourceBundleMessageSource();
        messages.setBasename("messages");
        messages.setDefaultEncoding("UTF-8");
        messages.setFallbackToSystemLocale(false);
        return messages;
    }
}
