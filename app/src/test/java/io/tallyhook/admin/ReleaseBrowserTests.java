package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.access.login.People;
import io.tallyhook.payment.PaymentState;
import org.junit.jupiter.api.Test;
import tallyhook.testing.Browser;
import tallyhook.testing.WeChatNotification;

/** Two people release another amount, one after the other, in Chromium. */
@AdminTest
class ReleaseBrowserTests {

    private static final String SECOND = "rui";
    private static final String PASSWORD = "a-lantern-in-the-fog-19";

    private final Day day;
    private final People people;

    ReleaseBrowserTests(Day day, People people) {
        this.day = day;
        this.people = people;
    }

    @Test
    void onePersonProposesAndAnotherConfirmsInBothLanguagesAndOnAPhone() {
        var payment = day.ordered("user-release-browser", "wechat", 12_900, "青瓷茶壶 Celadon tea pot");
        var delivery = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 12_000));
        var oneTime = people.add(SECOND, AdminTest.USERNAME).orElseThrow();
        var first = Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);
        first.open("/admin/board?kind=QUARANTINED").read("another amount was paid");
        looksWell(first, "release-board");

        first.press("a[href$='/admin/callbacks/%s#release']".formatted(delivery.callbackId()))
                .read("One person proposes what shall happen");
        looksWell(first, "release-form");
        first.choose("#release-action", "REOPEN").type("#release-reason", "He pays the rest in the shop");
        first.press("#release form button[type=submit]").read("A second person must confirm it");
        assertThat(first.count("[data-dialog^='confirm-release']"))
                .as("nobody confirms his own")
                .isZero();
        looksWell(first, "release-own");
        assertThat(day.now(payment).state()).isEqualTo(PaymentState.PENDING);

        var second = Browser.at(day.port()).open("/admin/login?lang=en");
        second.type("#username", SECOND).type("#password", oneTime);
        second.press("form[action$='/admin/login'] button[type=submit]").see("#chosen");
        second.type("#chosen", PASSWORD)
                .type("#repeated", PASSWORD)
                .press("form[action$='/password'] button[type=submit]");
        second.see("#username");
        second.login(SECOND, PASSWORD).read("Other amounts that wait for a second person");
        looksWell(second, "release-overview");
        second.press("a[href$='/admin/payments/%s#releases']".formatted(payment.outTradeNo()))
                .read("He pays the rest in the shop");
        looksWell(second, "release-waits");
        second.press("[data-dialog^='confirm-release']").read("Accept ¥120.00 and hand out?");
        second.picture("release-confirm-en");
        assertThat(second.barriers()).isEmpty();
        second.press("dialog[open] button[type=submit]").read("The payment is paid with what was received");
        day.fulfilled(payment);
        second.open("/admin/payments/" + payment.outTradeNo()).read("confirmed by " + SECOND);
        looksWell(second, "release-done");
        second.open("/admin/board?kind=QUARANTINED&lang=en");
        assertThat(second.text()).doesNotContain(payment.outTradeNo());
    }

    /** The page that is open, in both languages, wide and narrow; it is left in English and wide. */
    private static void looksWell(Browser browser, String name) {
        var path = browser.path().replaceAll("[?&]lang=[^&#]*", "").replaceAll("#.*", "");
        for (var language : new String[] {"zh-CN", "en"}) {
            browser.open(path + (path.contains("?") ? "&" : "?") + "lang=" + language)
                    .see("main h1")
                    .picture(name + "-" + language);
            assertThat(browser.barriers()).isEmpty();
            assertThat(browser.text()).as(path).doesNotContain("??");
            browser.size(390, 844).picture(name + "-" + language + "-phone");
            assertThat(browser.widerThanWindow()).as("%s at 390 px", path).isFalse();
            browser.size(1280, 900);
        }
    }
}
