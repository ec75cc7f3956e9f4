package io.tallyhook.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ResourceBundle;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/**
 * Says in the reader's language what modules have written down in English, such as what a check of the ledger has found or why
 * a provider's answer was of no use. The English text of each {@code said.…} in the message bundle is the pattern by which a
 * sentence is known; what is not known is said as it was written.
 *
 * <p>Use: {@code ${@sentences.say(stop.fault)}}.
 */
@Component("sentences")
class Sentences {

    private static final String PREFIX = "said.";
    private static final Pattern ARGUMENT = Pattern.compile("\\{([0-9])}");
    private static final Pattern WORD = Pattern.compile("\\p{Alpha}+");

    private final MessageSource messages;
    private final List<Known> known;

    Sentences(MessageSource messages) {
        this.messages = messages;
        // What says most is the most particular: what could fit anything comes last.
        this.known = ResourceBundle.getBundle("messages", Locale.ROOT).keySet().stream()
                .filter(key -> key.startsWith(PREFIX))
                .map(this::known)
                .sorted(Comparator.comparing(Known::size).reversed().thenComparing(Known::key))
                .toList();
    }

    /**
     * @param order of each argument in the pattern, its number in the text
     * @param size how much of it is said whatever the arguments are
     */
    private record Known(String key, Pattern pattern, List<Integer> order, int size) {}

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

    public List<String> each(List<String> english) {
        return english.stream().map(this::say).toList();
    }

    /** What follows a colon may be a sentence itself. */
    private Object[] arguments(Matcher found, List<Integer> order) {
        var arguments = new Object[order.size()];
        IntStream.range(0, order.size()).forEach(i -> {
            var text = found.group(i + 1);
            boolean follows = found.start(i + 1) > 1 && found.end(i + 1) == found.end();
            arguments[order.get(i)] = follows && before(found, i + 1).endsWith(": ") ? say(text) : text;
        });
        return arguments;
    }

    private static String before(Matcher found, int group) {
        return found.group().substring(0, found.start(group));
    }

    private Known known(String key) {
        var text = messages.getMessage(key, null, Locale.ENGLISH);
        var fixed = ARGUMENT.matcher(text).replaceAll("");
        var argument = isOneWord(fixed) ? "(\\S+?)" : "(.*?)";
        var pattern = new StringBuilder();
        var order = new ArrayList<Integer>();
        var arguments = ARGUMENT.matcher(text);
        int from = 0;
        while (arguments.find()) {
            pattern.append(Pattern.quote(text.substring(from, arguments.start())))
                    .append(argument);
            order.add(Integer.valueOf(arguments.group(1)));
            from = arguments.end();
        }
        pattern.append(Pattern.quote(text.substring(from)));
        return new Known(key, Pattern.compile(pattern.toString(), Pattern.DOTALL), List.copyOf(order), fixed.length());
    }

    /** One word is in many sentences, so what stands beside it must be a single value. */
    private static boolean isOneWord(String fixed) {
        return WORD.matcher(fixed).results().count() < 2 && !fixed.endsWith(": ");
    }
}
