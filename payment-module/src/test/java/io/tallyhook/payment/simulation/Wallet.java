package io.tallyhook.payment.simulation;

import io.tallyhook.payment.WalletCredit;
import java.util.function.Function;

/**
 * Where money that has bought nothing is kept.
 *
 * @param purpose under which it is taken back
 * @param floor who takes it in
 */
record Wallet(String purpose, Function<StrandedMoney, Crediting> floor) implements WalletCredit {

    static Wallet of(ShopFloor floor) {
        return new Wallet(ShopFloor.WALLET, floor::credit);
    }

    @Override
    public Crediting credit(StrandedMoney money) {
        return floor.apply(money);
    }
}
