package io.tallyhook.payment.provider;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** How one provider calls us. Pure: no I/O, no clock but the delivery's own time of arrival; safe for many threads. */
public interface CallbackProtocol {

    /** The provider's name in callback addresses and payments, such as {@code wechat}. */
    String provider();

    /** Our accounts at this provider, by the name used in callback addresses. */
    Set<String> accounts();

    /** Names (lower case) of the request headers that verification needs and the log keeps. */
    Set<String> headers();

    /** The checks that {@link #verify} makes, in its order; the first that fails is the reason of the rejection. */
    default List<Check> checks() {
        return List.of(Check.FORM, Check.KEY, Check.TIMESTAMP, Check.SIGNATURE, Check.DECRYPTION);
    }

    /**
     * Which of the {@link #checks} had passed when a delivery was rejected for this reason, as far as the reason tells:
     * nobody shall be shown as passed what was never looked at.
     */
    default Set<Check> passedBefore(Rejection reason) {
        return checks().stream().takeWhile(check -> check != reason.check()).collect(Collectors.toUnmodifiableSet());
    }

    /** Who we are in this account: what a {@link Fact#claim()} must name. */
    Claim identity(String account);

    /**
     * Proves a delivery genuine and reads it. Any failure, also an unforeseen one, is a rejection.
     *
     * @param delivery its account is one of {@link #accounts()}
     */
    Verdict verify(Delivery delivery);

    /**
     * Takes a delivery of our own making through all that {@link #verify} does, so that it is fast when the first real one
     * comes. Nothing but time may come of it. A provider without one is not rehearsed.
     *
     * @param account one of {@link #accounts()}
     * @param outTradeNo the payment that the delivery is about
     */
    default Optional<Rehearsal> rehearse(UUID id, String account, String outTradeNo, Instant now) {
        return Optional.empty();
    }

    /** The provider's own form of an answer, byte-exact. */
    Reply reply(Answer answer);

    /**
     * The delivery's content for people: JSON text of what is readable, decrypted and decoded where possible. Not
     * masked. Never throws; what cannot be read is answered as an empty object.
     */
    String content(Delivery delivery);
}
