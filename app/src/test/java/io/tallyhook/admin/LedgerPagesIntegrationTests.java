package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.wallet.audit.Audit;
import java.net.URI;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Proof, stops and months in the browser. */
@AdminTest
@Import(BookDamage.class)
class LedgerPagesIntegrationTests {

    private final MockMvcTester http;
    private final BookDamage books;
    private final Audit audit;
    private final JdbcClient jdbc;

    LedgerPagesIntegrationTests(MockMvcTester http, BookDamage books, Audit audit, JdbcClient jdbc) {
        this.http = http;
        this.books = books;
        this.audit = audit;
        this.jdbc = jdbc;
    }

    @Test
    void theProofNamesEveryRuleInPlainWordsAndHowMuchWasChecked() {
        books.granted(1000);
        books.seal();
        audit.prove();

        assertThat(get("/admin/ledger"))
                .hasStatusOk()
                .bodyText()
                .contains(
                        "The ledger holds",
                        "Debits equal credits",
                        "Two persons for each adjustment",
                        "I12-sealed-is-unchanged")
                .contains(audit.head().sha256(), "Journals sealed", "/admin/ledger/head.txt")
                .contains("/admin/ledger/accounts", "/admin/ledger/months", "/admin/ledger/adjustments")
                .doesNotContain("??", "banner-alarm");
    }

    @Test
    void everyInvariantOfTheDatabaseHasItsWordsInBothLanguages() {
        var names =
                jdbc.sql("SELECT name FROM wallet.proof").query(String.class).list();
        for (Properties words :
                new Properties[] {Words.of("/messages.properties"), Words.of("/messages_zh_CN.properties")}) {
            assertThat(names).hasSize(15).allSatisfy(name -> {
                assertThat(words).containsKey("invariant." + name);
                assertThat(words).containsKey("invariant." + name + ".text");
            });
        }
        assertThat(jdbc.sql("SELECT 'job.' || job FROM wallet.job")
                        .query(String.class)
                        .list())
                .allSatisfy(key -> assertThat(Words.of("/messages.properties")).containsKey(key));
    }

    @Test
    void aViolationIsOnEveryPageUntilItIsRepairedAndAPersonLetsTheShardGoOn() {
        var user = books.granted(1000);
        books.damage(user);
        var stop = audit.stops().getFirst();

        assertThat(get("/admin/payments"))
                .bodyText()
                .contains("banner-alarm", "The ledger has a fault", "/admin/ledger");
        assertThat(http.get().uri("/admin/login").exchange()).bodyText().doesNotContain("banner-alarm");
        assertThat(get("/admin/ledger"))
                .bodyText()
                .contains(
                        "The ledger does not hold",
                        "Shard " + user.shard(),
                        "resume-" + stop.stopId(),
                        "Violations: 1");

        var refused = resume(stop.stopId(), "it must be fine");
        assertThat(flash(refused).arguments().getFirst()).contains("is still wrong");
        books.repair(user);
        assertThat(get("/admin/ledger")).bodyText().contains("some wallets are still stopped");
        assertThat(flash(resume(stop.stopId(), "no")).tone()).isEqualTo("bad");
        assertThat(flash(resume(stop.stopId(), "the <b>backup</b> was restored"))
                        .key())
                .isEqualTo("ledger.resumed");

        assertThat(get("/admin/ledger"))
                .bodyText()
                .contains("The ledger holds", "the &lt;b&gt;backup&lt;/b&gt; was restored", "mei")
                .doesNotContain("banner-alarm", "<b>backup");
        assertThat(flash(resume(stop.stopId(), "once more please")).tone()).isEqualTo("bad");
        assertThat(resume(999_999, "there is no such stop")).hasStatus(404);
    }

    @Test
    void theHeadIsAFileToKeep() {
        books.granted(1000);
        books.seal();
        var head = audit.head();

        assertThat(get("/admin/ledger/head.txt"))
                .hasStatusOk()
                .hasHeader(
                        "Content-Disposition",
                        "attachment; filename=\"tallyhook-ledger-%d.txt\"".formatted(head.block()))
                .bodyText()
                .contains(
                        "block: " + head.block(),
                        "sha256: " + head.sha256(),
                        "verify-ledger --expect-block=%d --expect-head=%s".formatted(head.block(), head.sha256()));
    }

    @Test
    void whoWaitsForACheckOfEverythingSeesAtWhichRuleItIs() {
        jdbc.sql("""
                        UPDATE wallet.job SET due_at = now() + interval '1 day', started_at = now(), finished_at = NULL,
                               step = 5, steps = 15, doing = 'I5-lots-equal-balances'
                        WHERE job = 'proof-full'
                        """).update();
        assertThat(get("/admin/ledger"))
                .bodyText()
                .contains("Rule 5 of 15: ", "begun")
                .doesNotContain("??");

        jdbc.sql("UPDATE wallet.job SET finished_at = now(), result = 'holds' WHERE job = 'proof-full'")
                .update();
        assertThat(get("/admin/ledger")).bodyText().doesNotContain("Rule 5 of 15");
    }

    @Test
    void aCheckThatWasPutOffSaysWhenItIsMade() {
        jdbc.sql("""
                        UPDATE wallet.job SET started_at = now(), finished_at = now(), result = 'put off: More was booked since'
                          || ' the last check of everything than is checked in 60 seconds. Everything is checked anew now.'
                        WHERE job = 'proof-moved'
                        """).update();
        assertThat(get("/admin/ledger")).bodyText().contains("Everything is checked anew now.");

        jdbc.sql("UPDATE wallet.job SET result = 'holds' WHERE job = 'proof-moved'")
                .update();
        assertThat(get("/admin/ledger")).bodyText().doesNotContain("put off");
    }

    @Test
    void aPersonAsksForACheckOfEverything() {
        jdbc.sql("UPDATE wallet.job SET due_at = now() + interval '1 day', started_at = NULL WHERE job = 'proof-full'")
                .update();
        assertThat(flash(post("/admin/ledger/check")).key()).isEqualTo("ledger.asked");
        assertThat(flash(post("/admin/ledger/check")).key()).isEqualTo("ledger.askedBefore");
    }

    @Test
    void aMonthIsClosedAfterAPersonHasSeenWhatIsOpen() {
        var month = books.monthAgo(3);
        books.grantedIn(month, 123_400);

        assertThat(get("/admin/ledger/months"))
                .hasStatusOk()
                .bodyText()
                .contains("/admin/ledger/months/" + month, "can be closed", "¥1,851.00");
        assertThat(get("/admin/ledger/months/" + month))
                .bodyText()
                .contains("Before it is closed", "The ledger holds", "Close the books of " + month);

        assertThat(flash(post("/admin/ledger/months/" + month + "/close")).key())
                .isEqualTo("months.closing.begun");

        assertThat(get("/admin/ledger/months/" + month))
                .bodyText()
                .contains("Being closed", "mei")
                .doesNotContain("Close the books of");
        assertThat(flash(post("/admin/ledger/months/" + month + "/close")).tone())
                .isEqualTo("bad");
    }

    @Test
    void theMonthThatRunsAndMonthsThatAreNotThereAreNotClosed() {
        books.granted(10);
        var now = books.monthAgo(0);

        assertThat(get("/admin/ledger/months/" + now))
                .bodyText()
                .contains("not over yet in Beijing")
                .doesNotContain("data-dialog=\"close-month\"");
        assertThat(flash(post("/admin/ledger/months/" + now + "/close")).tone()).isEqualTo("bad");
        assertThat(get("/admin/ledger/months/1999-01")).hasStatus(404);
        assertThat(get("/admin/ledger/months/yesterday")).hasStatus(404);
        assertThat(post("/admin/ledger/months/1999-01/close")).hasStatus(404);
    }

    @Test
    void nobodyDoesAnythingWithoutALoginOrAToken() {
        assertThat(http.get().uri("/admin/ledger").exchange()).hasStatus3xxRedirection();
        assertThat(http.get().uri("/admin/ledger/head.txt").exchange()).hasStatus3xxRedirection();
        for (var path : new String[] {
            "/admin/ledger/check", "/admin/ledger/stops/1/resume", "/admin/ledger/months/2020-01/close"
        }) {
            assertThat(http.post().uri(path).with(user("mei").roles("ADMIN")).exchange())
                    .as(path)
                    .hasStatus(403);
        }
    }

    private MvcTestResult resume(long stopId, String note) {
        return http.post()
                .uri("/admin/ledger/stops/{id}/resume", stopId)
                .param("note", note)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }

    private static Flash flash(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }

    private MvcTestResult get(String uri) {
        return http.get().uri(URI.create(uri)).with(user("mei").roles("ADMIN")).exchange();
    }

    private MvcTestResult post(String uri) {
        return http.post()
                .uri(uri)
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }
}
