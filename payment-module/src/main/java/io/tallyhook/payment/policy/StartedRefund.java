package io.tallyhook.payment.policy;

import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.RefundRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A refund that a policy has decided on.
 *
 * @param refundNo always the same for a payment and a reason, so that the money moves once, whoever asks for it and how often
 * @param amount in minor units: all that was paid
 */
record StartedRefund(
        String outTradeNo, String refundNo, ParkingReason reason, long amount, String actor, int attempts) {

    /** 32 characters, as long as a number may be: 124 bits of a digest, so that no two payments share one. */
    static String number(String outTradeNo, ParkingReason reason) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest("%s/%s".formatted(outTradeNo, reason).getBytes(StandardCharsets.UTF_8));
            return "Y" + HexFormat.of().formatHex(digest).substring(0, 31);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    RefundRequest request() {
        return new RefundRequest(outTradeNo, refundNo, amount, forThePayer(reason), actor);
    }

    /** The payer reads it beside the money, in his bank's list: few characters, in both languages. */
    static String forThePayer(ParkingReason reason) {
        return switch (reason) {
            case LATE -> "订单关闭后付款 Paid too late";
            case SURPLUS -> "重复付款 Paid twice";
            case OTHER_AMOUNT -> "付款金额不符 Other amount than agreed";
            case CANCELLED_BEFORE, RETRIES_EXHAUSTED, NO_LISTENER -> "订单已取消 Order cancelled";
        };
    }
}
