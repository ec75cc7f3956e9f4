package io.tallyhook.payment.simulation;

import io.tallyhook.payment.Entitlement;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.WalletCredit;
import io.tallyhook.payment.provider.Fact;
import io.tallyhook.payment.provider.RefundAnswer;
import io.tallyhook.payment.provider.RefundOrder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tallyhook.testing.PlainBank;

/** Where one story after the other is played in one application: its bank and its module are those of the running story. */
final class Stage extends PlainBank {

    private @Nullable Bank bank;
    private @Nullable ShopFloor floor;

    void isPlayedBy(Bank aBank, ShopFloor aFloor) {
        bank = aBank;
        floor = aFloor;
    }

    private Bank bank() {
        if (bank == null) {
            throw new IllegalStateException("No story is told at the bank");
        }
        return bank;
    }

    @Override
    public Map<String, String> prepare(Order order) {
        return Map.of("ticket", "T");
    }

    @Override
    public Optional<Fact> query(String account, String outTradeNo) {
        return bank().query(account, outTradeNo);
    }

    @Override
    public Closing close(String account, String outTradeNo) {
        return bank().close(account, outTradeNo);
    }

    @Override
    public void checkRefunds(String account) {
        bank().checkRefunds(account);
    }

    @Override
    public RefundAnswer refund(RefundOrder order) {
        return bank().refund(order);
    }

    @Override
    public Optional<RefundAnswer> queryRefund(RefundOrder order) {
        return bank().queryRefund(order);
    }

    WalletCredit wallet() {
        return new Wallet(ShopFloor.WALLET, money -> floor().credit(money));
    }

    private ShopFloor floor() {
        if (floor == null) {
            throw new IllegalStateException("No story is told at the bank");
        }
        return floor;
    }

    Entitlement counter(String purpose) {
        return new Counter(purpose);
    }

    /** Where no story is told at the bank, only the provider gives money back, and all could be taken. */
    private final class Counter implements Entitlement {

        private final String purpose;

        Counter(String purpose) {
            this.purpose = purpose;
        }

        private Entitlement played() {
            return floor().new Counter(purpose);
        }

        @Override
        public String purpose() {
            return purpose;
        }

        @Override
        public Preview preview(TakeBack refund) {
            return played().preview(refund);
        }

        @Override
        public Taking take(TakeBack refund) {
            return played().take(refund);
        }

        @Override
        public void settle(TakeBack refund, Instant at) {
            played().settle(refund, at);
        }

        @Override
        public void giveBack(TakeBack refund, Instant at) {
            played().giveBack(refund, at);
        }

        @Override
        public Money takeWhatIsLeft(TakeBack refund, Instant at) {
            return floor == null ? Money.fen(0) : played().takeWhatIsLeft(refund, at);
        }
    }
}
