package io.tallyhook.admin;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.AdjustmentKind;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.Proposal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form of a proposal as a person has filled it in, wrong or right.
 *
 * @param number what it will be numbered, so that sending it twice makes one
 * @param amount in yuan
 * @param lastDay on which a granted bonus can be spent, in Beijing
 * @param subject the payment that it is about
 */
record AdjustmentForm(
        @Nullable String number,
        @Nullable String kind,
        @Nullable String user,
        @Nullable String amount,
        @Nullable String lastDay,
        @Nullable String subject,
        @Nullable String reason) {

    /** What is wrong with it: by field, the key of a sentence. */
    Map<String, String> objections(LocalDate today) {
        var wrong = new LinkedHashMap<String, String>();
        if (chosen().isEmpty()) {
            wrong.put("kind", "adjustment.wrong.kind");
        }
        if (!text(user).matches(UserId.PATTERN)) {
            wrong.put("user", "adjustment.wrong.user");
        }
        if (money().filter(AdjustmentForm::bookable).isEmpty()) {
            wrong.put("amount", "adjustment.wrong.amount");
        }
        if (!text(lastDay).isEmpty()
                && mayExpire()
                && day().filter(last -> !last.isBefore(today)).isEmpty()) {
            wrong.put("lastDay", "adjustment.wrong.lastDay");
        }
        if (hasSubject() && !Proposal.isSubject(text(subject))) {
            wrong.put("subject", "adjustment.wrong.subject");
        }
        if (!Proposal.isReason(text(reason))) {
            wrong.put("reason", "adjustment.wrong.reason");
        }
        return wrong;
    }

    /**
     * What it asks for. Fields that the kind does not have are left out, as a person who changed his mind expects.
     *
     * @throws Refusal (400) if there are objections
     */
    Proposal proposal() {
        return new Proposal(
                chosen().orElseThrow(() -> Refusal.badField("kind", "must be one of those in the list")),
                new UserId(text(user)),
                money().orElseThrow(() -> Refusal.badField("amount", "must be an amount in yuan")),
                mayExpire() ? day().map(AdjustmentForm::endOf) : Optional.empty(),
                hasSubject() ? Optional.of(text(subject)) : Optional.empty(),
                text(reason));
    }

    Optional<AdjustmentKind> chosen() {
        return Filled.constant(AdjustmentKind.class, kind);
    }

    private boolean hasSubject() {
        return chosen().filter(AdjustmentKind::hasSubject).isPresent();
    }

    private boolean mayExpire() {
        return chosen().filter(AdjustmentKind::mayExpire).isPresent();
    }

    private Optional<Money> money() {
        try {
            return Optional.of(Money.yuan(text(amount)));
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean bookable(Money amount) {
        return amount.isPositive() && amount.minorUnits() <= Money.MAX_MINOR_UNITS;
    }

    private Optional<LocalDate> day() {
        try {
            return text(lastDay).isEmpty() ? Optional.empty() : Optional.of(LocalDate.parse(text(lastDay)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(Books.BEIJING).toInstant();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }
}
