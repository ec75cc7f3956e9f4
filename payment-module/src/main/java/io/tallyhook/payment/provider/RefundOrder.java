package io.tallyhook.payment.provider;

import io.tallyhook.payment.Money;
import java.net.URI;

/**
 * Money that a provider shall give back.
 *
 * @param account of ours, through which the payment was made
 * @param refundNo our number, under which it is given back once, however often it is asked for
 * @param amount what to give back
 * @param paid what was paid in all
 * @param reason why, for the payer
 * @param notifyUrl where the provider shall call us, if it calls about refunds at an address of their own
 */
public record RefundOrder(
        String account, String outTradeNo, String refundNo, Money amount, Money paid, String reason, URI notifyUrl) {}
