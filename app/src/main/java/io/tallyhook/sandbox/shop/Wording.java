package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.Money;
import io.tallyhook.sandbox.simulator.Misbehaviour;
import io.tallyhook.sandbox.simulator.SimulatedOrder;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/** How values read on the shop's pages: {@code ${@wording.money(1999)}}. */
@Component("wording")
@ConditionalOnProperty("tallyhook.sandbox.enabled")
class Wording {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

    private final MessageSource messages;

    Wording(MessageSource messages) {
        this.messages = messages;
    }

    /** {@code ¥1,234.50} of 123450 fen. */
    public String money(long fen) {
        var plain = Money.fen(Math.abs(fen)).plain();
        return (fen < 0 ? "−¥" : "¥") + plain.replaceAll("(?<=\\d)(?=(\\d{3})+\\.)", ",");
    }

    /** In Beijing, where the providers are. */
    public String time(Instant instant) {
        return TIME.format(instant);
    }

    public String day(Instant instant) {
        return TIME.format(instant).substring(0, 10);
    }

    /** The name of an offer in the customer's language; a name of its own wins. */
    public String title(Offer offer) {
        return switch (offer.kind()) {
            case GOODS -> text("shop.goods." + offer.code());
            case RECHARGE ->
                offer.bonus() > 0
                        ? text("shop.recharge.bonus", money(offer.amount()), money(offer.bonus()))
                        : text("shop.recharge.plain", money(offer.amount()));
            case MEMBERSHIP -> text("shop.vip.days", offer.days());
        };
    }

    public List<Misbehaviour> possible(SimulatedOrder order) {
        return Misbehaviour.possibleFor(order);
    }

    public String language() {
        return chinese() ? "zh-CN" : "en";
    }

    public boolean chinese() {
        return LocaleContextHolder.getLocale().getLanguage().equals(Locale.CHINESE.getLanguage());
    }

    /** What a state of the merchant API is called; one that nobody told us about keeps its own name. */
    public String state(String state) {
        return named("shop.state." + state, state);
    }

    /** What moved the wallet. */
    public String kind(String kind) {
        return named("sandbox.account.kind." + kind, kind);
    }

    /** A problem in the customer's language, if it is one that customers meet; else the merchant API's own sentence. */
    public String problem(String kind, String sentence) {
        return named("sandbox.problem." + kind, sentence);
    }

    /** Which part of the wallet an entry belongs to. */
    public String part(String part) {
        return named("sandbox.account.part." + part, part);
    }

    /** This page in another language. */
    public String in(String language) {
        var address = ServletUriComponentsBuilder.fromCurrentRequest()
                .replaceQueryParam("lang", language)
                .replaceQueryParam("done")
                .build();
        return "%s?%s".formatted(address.getPath(), address.getQuery());
    }

    private String named(String key, String otherwise) {
        var name = messages.getMessage(key, null, otherwise, LocaleContextHolder.getLocale());
        return Objects.requireNonNullElse(name, otherwise);
    }

    private String text(String key, Object... arguments) {
        return messages.getMessage(key, arguments, LocaleContextHolder.getLocale());
    }
}
