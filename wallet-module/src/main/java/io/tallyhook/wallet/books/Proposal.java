package io.tallyhook.wallet.books;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.UserId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a person wants to be done to a wallet.
 *
 * @param amount 1 fen to 100 million yuan
 * @param bonusExpiresAt when a granted bonus expires; absent: never
 * @param subject the payment that it is about, for the kinds that are about one
 * @param reason for the second person and for the books: {@value #SHORTEST_REASON} to {@value #LONGEST_REASON} characters
 */
public record Proposal(
        AdjustmentKind kind,
        UserId userId,
        Money amount,
        Optional<Instant> bonusExpiresAt,
        Optional<String> subject,
        String reason) {

    public static final int SHORTEST_REASON = 5;
    public static final int LONGEST_REASON = 500;
    public static final int LONGEST_SUBJECT = 100;

    /** @throws Refusal (400) if it is not what it must be, with the name of the field */
    public Proposal {
        reason = reason.strip();
        subject = subject.map(String::strip).filter(text -> !text.isEmpty());
        if (!amount.isPositive() || amount.minorUnits() > Money.MAX_MINOR_UNITS) {
            throw Refusal.badField("amount", "must be 0.01 to 100000000.00");
        }
        if (bonusExpiresAt.isPresent() && !kind.mayExpire()) {
            throw Refusal.badField("bonusExpiresAt", "is for a granted bonus only");
        }
        if (subject.isPresent() != kind.hasSubject()
                || subject.filter(text -> !isSubject(text)).isPresent()) {
            throw Refusal.badField("subject", "must be the number of the payment for this kind, and absent for others");
        }
        if (!isReason(reason)) {
            throw Refusal.badField(
                    "reason", "must have %d to %d characters".formatted(SHORTEST_REASON, LONGEST_REASON));
        }
    }

    /** Whether a text says enough, and not too much, to be a reason. */
    public static boolean isReason(String text) {
        int length = text.strip().codePointCount(0, text.strip().length());
        return length >= SHORTEST_REASON && length <= LONGEST_REASON && text.indexOf('\0') < 0;
    }

    /** Whether a text can be the number of a payment or hold. */
    public static boolean isSubject(String text) {
        return !text.isBlank()
                && text.length() <= LONGEST_SUBJECT
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** Tells whether a repeated number asks for the same thing. */
    byte[] sha256() {
        var body = String.join(
                "|",
                kind.name(),
                userId.value(),
                amount.toString(),
                bonusExpiresAt.map(Instant::toString).orElse("never"),
                subject.orElse(""),
                reason);
        try {
            return MessageDigest.getInstance("SHA-256").digest(body.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
