package io.tallyhook.sandbox.simulator;

import io.tallyhook.payment.Money;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a simulated provider knows of one payment.
 *
 * @param amount what was ordered
 * @param received what the payer has paid, which is what can be given back; until then what was ordered
 * @param product how it is paid, in the provider's words: {@code NATIVE}, {@code alipay.trade.page.pay} …
 * @param terms what was ordered, to tell a repeated order from a changed one
 * @param notifyUrl where its callbacks go
 * @param charset of its callbacks
 * @param opened whether a payer has seen it; Alipay knows no trade before that
 * @param nextRefund what comes of the next refund that is asked for, where that is not the usual
 */
public record SimulatedOrder(
        SimulatedProvider provider,
        String outTradeNo,
        Money amount,
        Money received,
        String description,
        String product,
        String terms,
        URI notifyUrl,
        String charset,
        String attachment,
        boolean opened,
        State state,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant changedAt,
        @Nullable String transactionId,
        List<Refund> refunds,
        @Nullable Misbehaviour nextRefund) {

    /** Where it stands. */
    public enum State {
        NOT_PAID,
        PAID,
        CLOSED
    }

    /** Where a refund stands, in WeChat Pay's words. */
    public enum RefundState {
        PROCESSING,
        SUCCESS,
        CLOSED,
        ABNORMAL
    }

    /**
     * Money that went back, or is to.
     *
     * @param number the merchant's number of it
     * @param amount in fen
     * @param notifyUrl where its callback goes
     * @param ending what it is going to be when its time has come
     */
    public record Refund(
            String number,
            String providerNumber,
            long amount,
            String reason,
            URI notifyUrl,
            RefundState state,
            RefundState ending,
            Instant at) {

        Refund finished(Instant now) {
            return new Refund(number, providerNumber, amount, reason, notifyUrl, ending, ending, now);
        }

        /** A stuck one that is asked for again goes on, and gets through. */
        Refund startedAgain(Instant now) {
            return new Refund(
                    number,
                    providerNumber,
                    amount,
                    reason,
                    notifyUrl,
                    RefundState.PROCESSING,
                    RefundState.SUCCESS,
                    now);
        }
    }

    static SimulatedOrder fresh(
            SimulatedProvider provider,
            String outTradeNo,
            Money amount,
            String description,
            String product,
            String terms,
            URI notifyUrl,
            Instant now) {
        return new SimulatedOrder(
                provider,
                outTradeNo,
                amount,
                amount,
                description,
                product,
                terms,
                notifyUrl,
                "utf-8",
                "",
                false,
                State.NOT_PAID,
                now,
                null,
                null,
                null,
                List.of(),
                null);
    }

    /** How it stands at a moment: one that nobody paid in time is closed. */
    public SimulatedOrder asOf(Instant now) {
        return state == State.NOT_PAID && expiresAt != null && !now.isBefore(expiresAt) ? closed(expiresAt) : this;
    }

    /** What has been given back, in fen. */
    public long refunded() {
        return refunds.stream()
                .filter(refund -> refund.state() != RefundState.CLOSED)
                .mapToLong(Refund::amount)
                .sum();
    }

    /** What could still be given back, in fen. */
    public long refundable() {
        return state == State.PAID ? received.minorUnits() - refunded() : 0;
    }

    Optional<Refund> refund(String number) {
        return refunds.stream().filter(refund -> refund.number().equals(number)).findFirst();
    }

    String transaction() {
        return transactionId == null ? "" : transactionId;
    }

    Instant changed() {
        return changedAt == null ? createdAt : changedAt;
    }

    SimulatedOrder with(String newCharset, String newAttachment, @Nullable Instant newExpiresAt) {
        return copy(
                received, opened, state, newCharset, newAttachment, newExpiresAt, changedAt, transactionId, refunds);
    }

    SimulatedOrder seenByPayer() {
        return copy(received, true, state, charset, attachment, expiresAt, changedAt, transactionId, refunds);
    }

    SimulatedOrder paid(String newTransactionId, Instant now) {
        return paid(amount, newTransactionId, now);
    }

    SimulatedOrder paid(Money sum, String newTransactionId, Instant now) {
        return copy(sum, true, State.PAID, charset, attachment, expiresAt, now, newTransactionId, refunds);
    }

    SimulatedOrder closed(Instant now) {
        return copy(received, opened, State.CLOSED, charset, attachment, expiresAt, now, transactionId, refunds);
    }

    SimulatedOrder with(Refund refund) {
        var others = refunds.stream().filter(other -> !other.number().equals(refund.number()));
        var all = Stream.concat(others, Stream.of(refund)).toList();
        return copy(received, opened, state, charset, attachment, expiresAt, changedAt, transactionId, all);
    }

    /** The next refund goes another way than usual; nothing for the usual. */
    SimulatedOrder withNextRefund(@Nullable Misbehaviour next) {
        return new SimulatedOrder(
                provider,
                outTradeNo,
                amount,
                received,
                description,
                product,
                terms,
                notifyUrl,
                charset,
                attachment,
                opened,
                state,
                createdAt,
                expiresAt,
                changedAt,
                transactionId,
                refunds,
                next);
    }

    private SimulatedOrder copy(
            Money newReceived,
            boolean newOpened,
            State newState,
            String newCharset,
            String newAttachment,
            @Nullable Instant newExpiresAt,
            @Nullable Instant newChangedAt,
            @Nullable String newTransactionId,
            List<Refund> newRefunds) {
        return new SimulatedOrder(
                provider,
                outTradeNo,
                amount,
                newReceived,
                description,
                product,
                terms,
                notifyUrl,
                newCharset,
                newAttachment,
                newOpened,
                newState,
                createdAt,
                newExpiresAt,
                newChangedAt,
                newTransactionId,
                newRefunds,
                nextRefund);
    }
}
