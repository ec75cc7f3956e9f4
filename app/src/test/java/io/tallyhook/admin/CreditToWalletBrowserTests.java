package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.Payments;
import io.tallyhook.wallet.Wallets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Browser;
import tallyhook.testing.WeChatNotification;

/** Money that came too late becomes balance, in Chromium: from the board and from the payment's page. */
@AdminTest
class CreditToWalletBrowserTests {

    private final Day day;
    private final Payments payments;
    private final Wallets wallets;

    CreditToWalletBrowserTests(Day day, Payments payments, Wallets wallets) {
        this.day = day;
        this.payments = payments;
        this.wallets = wallets;
    }

    @Test
    void fromTheBoardItIsSaidWhatHappensThenAskedForAndThenItIsInTheWallet() {
        var late = late("zhou-lin-1991");
        var browser = Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);

        browser.open("/admin/board?kind=CLOSED_BUT_PAID&purpose=GOODS&lang=en").read(late.outTradeNo());
        var button = browser.evaluate(
                        "[...document.querySelectorAll('tr')].find(row => row.innerText.includes('%s')).querySelector('[data-dialog^=credit]').dataset.dialog"
                                .formatted(late.outTradeNo()))
                .toString();
        browser.press("[data-dialog='%s']".formatted(button))
                .see("#%s[open]".formatted(button))
                .read("¥27.00 becomes balance of the wallet of zhou-lin-1991, without a bonus");
        browser.picture("credit-board-en");
        assertThat(browser.barriers()).isEmpty();
        assertThat(day.now(late).fulfilment()).isEqualTo(FulfilmentState.PARKED);
        browser.type("#%s-reason".formatted(button), "He asks to keep it")
                .press("#%s button[type=submit]".formatted(button))
                .read("The money of payment %s is in the wallet of its payer.".formatted(late.outTradeNo()));

        assertThat(wallets.balance(late.userId()).principal()).isEqualTo(Money.fen(2_700));
        assertThat(day.now(late).creditedAs()).isNotNull();
        browser.open("/admin/wallets/zhou-lin-1991")
                .read("Not ordered: the money came for Order " + late.reference())
                .read("Credited by mei: He asks to keep it");
    }

    @Test
    void fromThePageOfThePaymentInChinese() {
        var late = late("sun-yi-1992");
        var browser = Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);

        browser.open("/admin/payments/%s?lang=zh-CN".formatted(late.outTradeNo()))
                .press("[data-dialog=credit]")
                .see("#credit[open]")
                .read("¥27.00 将成为 sun-yi-1992 的钱包本金")
                .picture("credit-payment-zh")
                .press("#credit button[type=submit]")
                .read("已转入付款人的钱包");

        assertThat(browser.count("[data-dialog=credit]")).isZero();
        assertThat(browser.text()).contains("款项已成为 sun-yi-1992 的钱包余额");
        assertThat(wallets.balance(late.userId()).principal()).isEqualTo(Money.fen(2_700));
    }

    @Test
    void thePagesThatTellOfItCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        var late = late("he-jun-1993");
        var waiting = late("he-jun-1993");
        var browser = Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);
        browser.open("/admin/payments/%s?lang=en".formatted(late.outTradeNo()))
                .press("[data-dialog=credit]")
                .press("#credit button[type=submit]")
                .read("Credited to the wallet");

        var barriers = new ArrayList<String>();
        for (var language : new String[] {"en", "zh-CN"}) {
            browser.open("/admin?lang=" + language);
            for (var path : new String[] {
                "/admin/payments/" + late.outTradeNo(),
                "/admin/payments/" + waiting.outTradeNo(),
                "/admin/payments?user=he-jun-1993",
                "/admin/wallets/he-jun-1993",
                "/admin/board?kind=CLOSED_BUT_PAID"
            }) {
                var name = "credited%s-%s".formatted(path.replaceAll("\\W+", "-"), language);
                browser.size(1280, 900).open(path).see("main h1").picture(name);
                barriers.addAll(browser.barriers());
                assertThat(browser.text()).as(path).doesNotContain("??");
                browser.size(390, 844).picture(name + "-phone");
                assertThat(browser.widerThanWindow()).as("%s at 390 px", path).isFalse();
            }
        }
        assertThat(barriers).isEmpty();
    }

    /** Closed by the shop, and then paid. */
    private Payment late(String userId) {
        var payment = day.ordered(userId, "wechat", 2_700);
        payments.close(payment.outTradeNo());
        day.arrives(WeChatNotification.paid(payment.outTradeNo(), 2_700));
        day.parked(payment);
        return day.now(payment);
    }
}
