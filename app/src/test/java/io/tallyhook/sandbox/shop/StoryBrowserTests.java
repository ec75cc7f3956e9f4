package io.tallyhook.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tallyhook.sandbox.simulator.SimulatedProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tallyhook.testing.Browser;

/** The whole story in Chromium: somebody buys in the shop, and somebody else sees in the admin pages how it came. */
class StoryBrowserTests extends WholeApplication {

    @ParameterizedTest
    @CsvSource({
        "GOODS, tea, WECHAT, Your order is paid, /admin/orders/",
        "GOODS, mug, ALIPAY, Your order is paid, /admin/orders/",
        "RECHARGE, recharge-100, WECHAT, Your wallet now holds ¥100.00 and ¥10.00 bonus, /admin/wallets/",
        "RECHARGE, recharge-50, ALIPAY, Your wallet now holds ¥50.00, /admin/wallets/",
        "MEMBERSHIP, vip-month, WECHAT, You are a VIP until, /admin/memberships/",
        "MEMBERSHIP, vip-year, ALIPAY, You are a VIP until, /admin/memberships/",
    })
    void whatIsBoughtArrivesAndThePeopleInTheOfficeSeeHow(
            String kind, String item, SimulatedProvider provider, String got, String wherePeopleSeeIt) {
        var browser = Browser.at(PORT);
        var user = "story-" + item;

        var outTradeNo = buy(browser, kind, item, provider, user);
        browser.press("#pay").read(got);

        browser.login("ming", PASSWORD).open("/admin/callbacks?number=" + outTradeNo);
        browser.press("main table a[href*='/admin/callbacks/']")
                .read("Confirmed")
                .read(outTradeNo);
        browser.press("main a[href$='/admin/payments/" + outTradeNo + "']").read(user);
        browser.see("main a[href*='" + wherePeopleSeeIt + "']");
        assertThat(browser.barriers()).isEmpty();
    }

    @Test
    void theBalanceIsFilledAndPaysAndTheOfficeSeesThePaymentAndTheWallet() {
        var browser = Browser.at(PORT);
        var user = "story-balance";
        buy(browser, "RECHARGE", "recharge-100", SimulatedProvider.WECHAT, user);
        browser.press("#pay").read("Your wallet now holds ¥100.00 and ¥10.00 bonus");

        browser.open("/shop/checkout?kind=GOODS&item=tea").read("story-balance has ¥110.00");
        browser.press(".choices label:nth-child(3)").press("form.panel button[type=submit]");
        browser.arriveAt("/shop/payments/").read("Your order is paid");
        browser.read("Taken from your balance: ¥61.81, and ¥6.19 of your bonus").read("−¥61.81");
        var outTradeNo = browser.path().replaceFirst(".*/", "");
        browser.open("/shop/account").read("¥38.19").read("¥3.81");

        browser.login("ming", PASSWORD).open("/admin/payments/" + outTradeNo);
        browser.read(user).read("Paid").see("main a[href*='/admin/orders/']");
        browser.open("/admin/wallets/" + user).read("38.19").read("3.81");
        assertThat(browser.barriers()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsPaidIsRefundedAndTheOfficeSeesTheOrderRefunded(SimulatedProvider provider) {
        var browser = Browser.at(PORT);
        var outTradeNo = buy(browser, "GOODS", "tea", provider, "story-refund");
        browser.press("#pay").read("Your order is paid");

        browser.login("ming", PASSWORD).open("/admin/payments/" + outTradeNo);
        browser.press("a[href$='/refunds/new']").read("is refunded, and cannot be shipped any more");
        browser.type("#reason", "Came back unopened").press("form[action$='/preview'] button[type=submit]");
        browser.press("form[action$='/refunds'] button[type=submit]").arriveAt("/admin/payments/" + outTradeNo);
        browser.read("asked for by ming").read("Came back unopened");

        browser.press("main a[href*='/admin/orders/']").read("All of its money is given back, or about to be");
        assertThat(browser.barriers()).isEmpty();
        browser.press("main a[href$='#refunds']");
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(
                                browser.open("/admin/payments/" + outTradeNo).text("h1 + p .state"))
                        .isEqualTo("Refunded"));
    }

    @Test
    void aReplayOfWhatIsBookedChangesNothingAndSaysSo() {
        var browser = Browser.at(PORT);
        var outTradeNo = buy(browser, "GOODS", "notebook", SimulatedProvider.WECHAT, "story-replay");
        browser.press("#pay").read("Your order is paid");

        browser.login("ming", PASSWORD).open("/admin/callbacks?number=" + outTradeNo);
        browser.press("main table a[href*='/admin/callbacks/']").press("main a[href$='/replay']");

        browser.read("Duplicate");
        assertThat(browser.count("button[data-dialog=replay]:not([disabled])")).isZero();
    }

    @Test
    void theShopCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        var browser = Browser.at(PORT);
        var barriers = new ArrayList<String>();
        for (var language : List.of("en", "zh-CN")) {
            browser.open("/shop?lang=" + language);
            var outTradeNo = buy(browser, "RECHARGE", "recharge-100", SimulatedProvider.ALIPAY, "story-" + language);
            browser.press("#pay").see(".got");
            var fromBalance = payFromBalance(browser, "mug");
            var pages = List.of(
                    "/shop",
                    "/shop/checkout?kind=GOODS&item=tea",
                    fromBalance,
                    "/shop/checkout?kind=RECHARGE&item=recharge-100",
                    "/sandbox/pay/alipay/" + outTradeNo,
                    "/shop/payments/" + outTradeNo,
                    "/shop/account",
                    "/sandbox");
            for (var page : pages) {
                var name = name(page, fromBalance);
                browser.size(1280, 900).open(page).see("main h1").picture(name + "-" + language);
                barriers.addAll(browser.barriers(language));
                assertThat(browser.text()).as(page).doesNotContain("??");
                browser.size(390, 844).picture(name + "-" + language + "-phone");
                assertThat(browser.widerThanWindow()).as("%s at 390 px", page).isFalse();
            }
        }
        assertThat(barriers).isEmpty();
    }

    private static String buy(Browser browser, String kind, String item, SimulatedProvider provider, String user) {
        browser.size(1280, 900).open("/shop/checkout?kind=%s&item=%s".formatted(kind, item));
        browser.type("#user", user);
        browser.press(".choices label:nth-child(%d)".formatted(provider.ordinal() + 1));
        browser.press("form.panel button[type=submit]").arriveAt("/sandbox/pay/" + provider.id() + "/");
        return browser.path().replaceFirst(".*/", "");
    }

    private static String payFromBalance(Browser browser, String item) {
        browser.open("/shop/checkout?kind=GOODS&item=" + item);
        browser.press(".choices label:nth-child(3)").press("form.panel button[type=submit]");
        return browser.arriveAt("/shop/payments/").see(".got").path();
    }

    private static String name(String page, String fromBalance) {
        if (page.equals(fromBalance)) {
            return "shop-balance";
        }
        return "shop"
                + page.replaceAll("\\?kind=|&item=", "-")
                        .replaceAll("\\?.*", "")
                        .replaceAll("/P[0-9A-Z]{26}", "")
                        .replace('/', '-');
    }
}
