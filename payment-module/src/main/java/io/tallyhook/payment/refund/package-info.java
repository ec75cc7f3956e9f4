/**
 * Refunds that we ask for: the intent, which takes back first; the sending and asking, outside of transactions; and the
 * unwinding, which tells the module of the purpose how a refund has ended.
 */
@NullMarked
package io.tallyhook.payment.refund;

import org.jspecify.annotations.NullMarked;
