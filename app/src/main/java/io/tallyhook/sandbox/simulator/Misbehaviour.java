package io.tallyhook.sandbox.simulator;

import static io.tallyhook.sandbox.simulator.SimulatedProvider.ALIPAY;
import static io.tallyhook.sandbox.simulator.SimulatedProvider.WECHAT;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a provider, a payer, the network or an attacker may do beside paying once and being told once. */
public enum Misbehaviour {
    /** The payer pays, and the callback arrives in two connections at the same moment. */
    TWICE_AT_ONCE(Effect.PAYS, WECHAT, ALIPAY),
    /** The payer pays, and every callback is lost: only a query can find out. */
    LOST(Effect.PAYS, WECHAT, ALIPAY),
    /** Money arrives though the order is closed. */
    LATE(Effect.PAYS, WECHAT, ALIPAY),
    /** The payer pays; a deliberately wrong signature comes first, the true callback after it. */
    SIGNATURE_PROBE(Effect.PAYS, WECHAT),
    /** The payer pays one fen more than was ordered, and that is what the provider has and tells. */
    WRONG_AMOUNT(Effect.PAYS, WECHAT, ALIPAY),
    /** A genuine signature over another application's id. */
    WRONG_APP_ID(Effect.TELLS, WECHAT, ALIPAY),
    /** A genuine signature over another merchant's number, at Alipay another seller's. */
    WRONG_MERCHANT(Effect.TELLS, WECHAT, ALIPAY),
    /** Signed with somebody else's key. */
    WRONG_SIGNATURE(Effect.TELLS, WECHAT, ALIPAY),
    /** Genuine, but signed ten minutes ago. Alipay signs no time. */
    OLD_TIMESTAMP(Effect.TELLS, WECHAT),
    /** A body of more than 256 KiB, its length told. */
    OVERSIZED(Effect.TELLS, WECHAT, ALIPAY),
    /** A body of more than 256 KiB, its length not told. */
    OVERSIZED_CHUNKED(Effect.TELLS, WECHAT, ALIPAY),
    /** The provider gives a part back that nobody here asked for. */
    PARTIAL_REFUND(Effect.REFUNDS, WECHAT, ALIPAY),
    /** The provider gives everything back. */
    FULL_REFUND(Effect.REFUNDS, WECHAT, ALIPAY),
    /** The next refund that the merchant asks for fails: WeChat Pay takes it and closes it, Alipay refuses it. */
    REFUND_FAILS(Effect.AWAITS_REFUND, WECHAT, ALIPAY),
    /** The next refund that the merchant asks for gets stuck, until he asks for it again. */
    REFUND_ABNORMAL(Effect.AWAITS_REFUND, WECHAT),
    /** The next refund that the merchant asks for is taken, but the answer is an error of the provider's own. */
    REFUND_UNCLEAR(Effect.AWAITS_REFUND, WECHAT, ALIPAY);

    /** What it does to the order at the provider. */
    public enum Effect {
        /** The order is paid there. */
        PAYS,
        /** Nothing: only a callback is sent, once. */
        TELLS,
        /** Money goes back there. */
        REFUNDS,
        /** Nothing yet: it decides what comes of the next refund. */
        AWAITS_REFUND
    }

    private final Effect effect;
    private final Set<SimulatedProvider> providers;

    Misbehaviour(Effect effect, SimulatedProvider... providers) {
        this.effect = effect;
        this.providers = Set.of(providers);
    }

    public Effect effect() {
        return effect;
    }

    /** What this order's provider could do with it as it stands. */
    public static List<Misbehaviour> possibleFor(SimulatedOrder order) {
        return Stream.of(values()).filter(each -> each.fits(order)).toList();
    }

    private boolean fits(SimulatedOrder order) {
        return providers.contains(order.provider())
                && switch (effect) {
                    case PAYS -> order.state() == SimulatedOrder.State.NOT_PAID || this == LATE && !paid(order);
                    case TELLS -> true;
                    case REFUNDS -> order.refundable() > (this == PARTIAL_REFUND ? 1 : 0);
                    case AWAITS_REFUND -> order.refundable() > 0;
                };
    }

    private static boolean paid(SimulatedOrder order) {
        return order.state() == SimulatedOrder.State.PAID;
    }
}
