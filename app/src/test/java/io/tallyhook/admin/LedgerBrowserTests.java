package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.tallyhook.wallet.audit.Audit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.springframework.context.annotation.Import;
import tallyhook.testing.Browser;

/** A person at the ledger's pages, in Chromium. */
@AdminTest
@Import(BookDamage.class)
class LedgerBrowserTests {

    private final Day day;
    private final BookDamage books;
    private final Audit audit;

    LedgerBrowserTests(Day day, BookDamage books, Audit audit) {
        this.day = day;
        this.books = books;
        this.audit = audit;
    }

    @Test
    void aPersonLetsAStoppedShardGoOnByTheKeyboard() {
        var user = books.granted(1000);
        books.damage(user);
        var browser =
                login().open("/admin/ledger").read("The ledger does not hold").read("Shard " + user.shard());
        books.repair(user);

        browser.press("button[data-dialog^='resume-']")
                .read("Let shard %d go on?".formatted(user.shard()))
                .type("dialog[open] textarea", "restored from the backup of the night")
                .keys(Keys.TAB, Keys.TAB);
        browser.enter().read("The shard takes bookings again.");

        assertThat(audit.stops()).isEmpty();
        browser.read("restored from the backup of the night").read("mei");
    }

    @Test
    void aPersonClosesAMonth() {
        var month = books.monthAgo(4);
        books.grantedIn(month, 20_000);
        var browser = login().open("/admin/ledger/months").read(month.toString());

        browser.press("a[href$='%s']".formatted(month)).read("Before it is closed");
        browser.press("button[data-dialog=close-month]").read("it is never opened again");
        browser.press("dialog[open] button[type=submit]")
                .read("are being closed")
                .read("Being closed");
    }

    @Test
    void theLedgersPagesCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        var closed = books.monthAgo(6);
        books.grantedIn(closed, 9_876_500);
        books.grantedIn(books.monthAgo(5), 1_234_567);
        books.closeBySql(closed, "mei");
        books.granted(5_000);
        books.seal();
        audit.prove();
        var pages = Map.of(
                "ledger", "/admin/ledger",
                "months", "/admin/ledger/months",
                "month-open", "/admin/ledger/months/" + books.monthAgo(5),
                "month-closed", "/admin/ledger/months/" + closed,
                "month-running", "/admin/ledger/months/" + books.monthAgo(0));
        look(pages);
        var user = books.granted(1_000);
        books.damage(user);
        look(Map.of("ledger-broken", "/admin/ledger", "month-refused", "/admin/ledger/months/" + books.monthAgo(5)));
        login().open("/admin/ledger")
                .press("button[data-dialog^='resume-']")
                .see("dialog[open]")
                .picture("ledger-resume-dialog");
        books.repair(user);
        for (var stop : audit.stops()) {
            audit.resume(stop.stopId(), "mei", "restored from the backup");
        }
    }

    private void look(Map<String, String> pages) {
        var browser = login();
        var barriers = new ArrayList<String>();
        for (var language : List.of("en", "zh-CN")) {
            browser.open("/admin?lang=" + language);
            pages.forEach((name, path) -> {
                browser.size(1280, 900).open(path).see("main h1").picture(name + "-" + language);
                barriers.addAll(browser.barriers(language));
                assertThat(browser.text()).as(path).doesNotContain("??");
                browser.size(390, 844).picture(name + "-" + language + "-phone");
                assertThat(browser.widerThanWindow()).as("%s at 390 px", path).isFalse();
            });
        }
        assertThat(barriers).isEmpty();
    }

    private Browser login() {
        return Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);
    }
}
