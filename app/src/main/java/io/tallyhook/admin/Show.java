package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;

/** How values look on pages: {@code ${@show.money(payment.amount)}}. Used by the fragments in {@code ui.html}. */
@Component("show")
class Show {

    private static final ZoneId BEIJING = ZoneId.of("Asia/Shanghai");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS 'UTC'");
    private static final Pattern THOUSANDS = Pattern.compile("(?<=[0-9])(?=(?:[0-9]{3})+(?:\\.|$))");

    private final MessageSource messages;

    Show(MessageSource messages) {
        this.messages = messages;
    }

    /** {@code ¥1,234.50}; a negative amount has its sign in front. */
    public String money(Money amount) {
        var plain = amount.plain();
        boolean negative = plain.startsWith("-");
        return (negative ? "−" : "") + unsigned(negative ? plain.substring(1) : plain, amount);
    }

    /** {@code +¥19.99} or {@code −¥19.99}. */
    public String signed(Money amount) {
        return amount.isPositive() ? "+" + money(amount) : money(amount);
    }

    private static String unsigned(String plain, Money amount) {
        int point = plain.indexOf('.');
        var whole = point < 0 ? plain : plain.substring(0, point);
        var grouped = THOUSANDS.matcher(whole).replaceAll(",") + (point < 0 ? "" : plain.substring(point));
        return amount.currency().equals(Money.CNY) ? "¥" + grouped : grouped + " " + amount.currency();
    }

    public String beijing(Instant instant) {
        return SECONDS.format(instant.atZone(BEIJING));
    }

    public String utc(Instant instant) {
        return MILLIS.format(instant.atZone(ZoneOffset.UTC));
    }

    /** About how long, in the largest unit that fits and in the reader's language: {@code 7 s}, {@code 12 min}, {@code 5 h}. */
    public String duration(Duration duration) {
        if (duration.toDays() > 1) {
            return unit("d", duration.toDays());
        } else if (duration.toHours() > 1) {
            return unit("h", duration.toHours());
        }
        return duration.toMinutes() > 1 ? unit("min", duration.toMinutes()) : unit("s", duration.toSeconds());
    }

    private String unit(String unit, long many) {
        return messages.getMessage("unit." + unit, new Object[] {many}, LocaleContextHolder.getLocale());
    }

    public String iso(Instant instant) {
        return instant.toString();
    }

    /**
     * The tone of a state's badge: {@code good}, {@code busy} (going on by itself), {@code quiet} (nothing to do), {@code
     * warn} (a person should look) or {@code bad}. A state nobody told us about is quiet.
     */
    public String tone(Object state) {
        return switch (String.valueOf(state)) {
            case "PAID",
                    "SUCCEEDED",
                    "CONFIRMED",
                    "CREDITED",
                    "GRANTED",
                    "COMPLETED",
                    "REFUND_CONFIRMED",
                    "ACTIVE",
                    "BOOKED",
                    "HOLDS",
                    "RELEASED",
                    "DONE" -> "good";
            case "PENDING",
                    "AWAITING_PAYMENT",
                    "REQUESTED",
                    "PROCESSING",
                    "SHIPPED",
                    "PROPOSED",
                    "OPEN",
                    "INVITED",
                    "CLOSING",
                    "RUNNING" -> "busy";
            case "PARKED", "LATE", "UNKNOWN_PAYMENT", "PARTIALLY_REFUNDED", "REFUNDED", "REVERSED", "UNCLEAR" -> "warn";
            case "FAILED", "MISMATCH", "REJECTED", "REFUND_FAILED", "REFUSED", "BROKEN" -> "bad";
            default -> "quiet";
        };
    }
}
