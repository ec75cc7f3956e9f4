package io.tallyhook.payment;

import java.util.List;

/**
 * What these payments paid for has been handed out.
 *
 * <p>Raised after the transaction of the effect; for information only. It may be missed or repeated.
 *
 * @param purpose the code of the purpose
 * @param outTradeNos the payments that were fulfilled in this run
 */
public record PaymentsFulfilled(String purpose, List<String> outTradeNos) {}
