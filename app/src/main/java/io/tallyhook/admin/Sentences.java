package io.tallyhook.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/**
 * Says in the reader's language what modules have written down in English, such as what a check of the ledger has found. The
 * English text of each key is the pattern by which a sentence is known; what is not known is said as it was written.
 *
 * <p>Use: {@code ${@sentences.say(stop.fault)}}.
 */
@Component("sentences")
class Sentences {

    private static final Pattern ARGUMENT = Pattern.compile("\\{([0-9])}");

    /** The first that fits is it, so what could fit anything comes last. */
    private static final List<String> KEYS = List.of(
            "fault.not-a-line",
            "fault.there-times",
            "fault.no-wallet",
            "fault.never-booked",
            "subject.journal-line",
            "fault.postings-sum",
            "fault.no-head",
            "fault.no-lines",
            "fault.one-line",
            "fault.transactions",
            "fault.sum",
            "fault.balance-row",
            "fault.balance-moved",
            "fault.balance-mode",
            "fault.follows",
            "fault.lots-balances",
            "fault.lot-made",
            "fault.lot-left",
            "fault.lot-missing",
            "fault.journal-lots",
            "fault.booked-times",
            "fault.nobody-asked",
            "fault.rolled-up",
            "fault.covered",
            "fault.balances-postings",
            "fault.hold-left",
            "fault.holds-balances",
            "fault.block-begins",
            "fault.blocks",
            "fault.chain-ends",
            "fault.head-changed",
            "fault.not-following",
            "fault.sealed-changed",
            "fault.posted-after-close",
            "fault.month-sum",
            "fault.recharge",
            "fault.one-person",
            "subject.account-seq",
            "subject.shard",
            "subject.journal",
            "subject.account",
            "subject.owner",
            "subject.lot",
            "subject.hold",
            "subject.block",
            "subject.chain",
            "subject.month",
            "subject.recharge",
            "job-failed",
            "put-off-now",
            "put-off-until",
            "at-most",
            "refund-of",
            "no-refund",
            "refund-sent",
            "refund-unapproved",
            "subject.code-day");

    private final MessageSource messages;
    private final List<Known> known;

    Sentences(MessageSource messages) {
        this.messages = messages;
        this.known = KEYS.stream().map(key -> "said." + key).map(this::known).toList();
    }

    /** @param order of each argument in the pattern, its number in the text */
    private record Known(String key, Pattern pattern, List<Integer> order) {}

    public String say(String english) {
        var locale = LocaleContextHolder.getLocale();
        if (locale.getLanguage().equals(Locale.ENGLISH.getLanguage())) {
            return english;
        }
        for (var one : known) {
            var found = one.pattern().matcher(english);
            if (found.matches()) {
                return Objects.requireNonNull(
                        messages.getMessage(one.key(), arguments(found, one.order()), english, locale));
            }
        }
        return english;
    }

    private static Object[] arguments(Matcher found, List<Integer> order) {
        var arguments = new Object[order.size()];
        IntStream.range(0, order.size()).forEach(i -> arguments[order.get(i)] = found.group(i + 1));
        return arguments;
    }

    private Known known(String key) {
        var text = messages.getMessage(key, null, Locale.ENGLISH);
        var pattern = new StringBuilder();
        var order = new ArrayList<Integer>();
        var arguments = ARGUMENT.matcher(text);
        int from = 0;
        while (arguments.find()) {
            pattern.append(Pattern.quote(text.substring(from, arguments.start())))
                    .append("(.*?)");
            order.add(Integer.valueOf(arguments.group(1)));
            from = arguments.end();
        }
        pattern.append(Pattern.quote(text.substring(from)));
        return new Known(key, Pattern.compile(pattern.toString(), Pattern.DOTALL), List.copyOf(order));
    }
}
