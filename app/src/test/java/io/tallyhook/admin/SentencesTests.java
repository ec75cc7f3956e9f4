package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.i18n.LocaleContextHolder;

/** What modules have written down in English is Chinese on Chinese pages, with the same values. */
class SentencesTests {

    private static final Path MIGRATIONS = Path.of("../wallet-module/src/main/resources/db/migration/wallet");
    private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");
    private static final Pattern VIEW =
            Pattern.compile("(?s)CREATE (OR REPLACE )?VIEW wallet\\.(i[0-9]+_|recharges_are|"
                    + "adjustments_have|.*_have_|.*_are_).*?;\n");
    /** A text of which a fault or its subject is made. */
    private static final Pattern TEXT = Pattern.compile(
            "(?s)format\\('([^']+)'|(?:THEN|ELSE|,) '([a-z][^']+)'(?: \\|\\| [a-z.()*_]+ \\|\\| '([^']+)')?");

    private static final Path PAYMENTS = Path.of("../payment-module/src/main/java");
    /** Where a sentence is made, up to the end of the statement. */
    private static final Pattern SAYS = Pattern.compile(
            "(?s)(?:new Comparison|NotBelieved|NotBelieved\\.unparsable|new ProviderUnclear)\\(.*?;\\n");

    private static final Pattern WRITTEN = Pattern.compile("(\\w\\)? \\+ )?\"([^\"]+)\"( \\+ \\w)?");

    private final Sentences sentences = new Sentences(ResultsTests.messages());

    @AfterEach
    void noLanguage() {
        LocaleContextHolder.resetLocaleContext();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "account 17 seq 4 | 账户 17 序号 4",
                "account 17 | 账户 17",
                "adds up to -3 | 合计为 -3",
                "2204.01 of 2026-01-02 | 2026-01-02 的科目 2204.01",
                "is booked 2 times | 入账 2 次",
                "failed: no disk | 失败：no disk",
                "put off: More was booked since the last check of everything than is checked in 60 seconds. Everything is checked"
                        + " anew now. | 已推迟：自上次全面核验以来的记账，60 秒内核验不完。现在重新进行全面核验。",
                "put off: More was booked since the last check of everything than is checked in 60 seconds. Everything is checked"
                        + " anew at 2026-11-26T10:00:00Z or before."
                        + " | 已推迟：自上次全面核验以来的记账，60 秒内核验不完。最迟于 2026-11-26T10:00:00Z 重新进行全面核验。",
                "at most 0.00 CNY | 至多 0.00 CNY",
                "balance row says 5 at seq 6; the last line says 7 at seq 8, with 9 lines since seq 4"
                        + " | 余额记录为 5（序号 6）；最后一行为 7（序号 8），自序号 4 起共 9 行",
                "the answer does not fit: it is not known there | 答复与记录不符：渠道没有此退款",
                "no complete answer from api.example | 没有收到 api.example 的完整答复",
                "He kept it (proposed by mei, approved by jun) | He kept it（由 mei 提出，由 jun 批准）",
                "2026-01-02T03:04:05Z +/- 300 s | 2026-01-02T03:04:05Z ± 300 秒",
                "IllegalStateException: no room of any kind | IllegalStateException: no room of any kind",
                "refund it and be kind | refund it and be kind",
                "RECHARGE P01 | RECHARGE P01",
                "19.99 | 19.99",
            })
    void a_sentence_is_said_in_chinese_with_its_values_and_what_is_not_known_as_it_is(String english, String chinese) {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        assertThat(sentences.say(english)).isEqualTo(chinese);

        LocaleContextHolder.setLocale(Locale.ENGLISH);
        assertThat(sentences.say(english)).isEqualTo(english);
    }

    @Test
    void every_sentence_that_the_ledgers_proof_can_say_is_known() throws IOException {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        var said = sentencesOfTheProof();

        assertThat(said).hasSizeGreaterThan(30);
        assertThat(said)
                .allSatisfy(english -> assertThat(sentences.say(english))
                        .as(english)
                        .matches(text -> CHINESE.matcher(text).find()));
    }

    /** What a delivery was held against, why it was not believed, and why a provider's answer was of no use. */
    @Test
    void every_sentence_about_deliveries_and_answers_is_known() throws IOException {
        LocaleContextHolder.setLocale(Locale.SIMPLIFIED_CHINESE);
        var said = sentencesOfPayments();

        assertThat(said).hasSizeGreaterThan(40);
        assertThat(said)
                .allSatisfy(english -> assertThat(sentences.say(english))
                        .as(english)
                        .matches(text -> CHINESE.matcher(text).find()));
    }

    private static List<String> sentencesOfPayments() throws IOException {
        var said = new ArrayList<String>();
        try (var files = Files.walk(PAYMENTS)) {
            for (var file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                SAYS.matcher(Files.readString(file))
                        .results()
                        .forEach(call -> WRITTEN.matcher(call.group())
                                .results()
                                .map(text -> sentence(text.group(1), text.group(2), text.group(3)))
                                .forEach(said::add));
            }
        }
        // The rest are names and values.
        return said.stream()
                .filter(text -> text.matches(".*[a-z]{2,} [a-z]{2,}.*"))
                .distinct()
                .toList();
    }

    /** With a 7 for each value in it, before it or behind it. */
    private static String sentence(@Nullable String before, String text, @Nullable String behind) {
        return (before == null ? "" : "7") + text.replaceAll("%[sd]", "7") + (behind == null ? "" : "7");
    }

    /** As the views say them, with a number for each value. */
    private static List<String> sentencesOfTheProof() throws IOException {
        var said = new ArrayList<String>();
        try (var files = Files.list(MIGRATIONS)) {
            for (var file : files.sorted().toList()) {
                VIEW.matcher(Files.readString(file))
                        .results()
                        .forEach(view -> TEXT.matcher(view.group()).results().forEach(text -> {
                            var format = text.group(1);
                            var tail = text.group(3) == null ? "" : "7" + text.group(3);
                            said.add(format == null ? filled(text.group(2)) + tail : format.replace("%s", "7"));
                        }));
            }
        }
        // The rest are names of invariants and of an encoding.
        return said.stream()
                .filter(text -> text.contains(" ") || text.equals("chain"))
                .distinct()
                .toList();
    }

    /** A text that goes on with a value ends with a blank. */
    private static String filled(String text) {
        return text.endsWith(" ") ? text + "7" : text;
    }
}
