package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.payment.Money;
import io.tallyhook.payment.UserId;
import io.tallyhook.wallet.books.Adjustment;
import io.tallyhook.wallet.books.AdjustmentKind;
import io.tallyhook.wallet.books.AdjustmentState;
import io.tallyhook.wallet.books.Adjustments;
import io.tallyhook.wallet.books.Books;
import io.tallyhook.wallet.books.Proposal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.AbstractMockHttpServletRequestBuilder;

/** Proposing an adjustment, and a second person deciding on it. */
@AdminTest
class AdjustmentPagesIntegrationTests {

    private static final String LIST = "/admin/ledger/adjustments";
    private static final String HOSTILE = "<script>alert('x')</script> ${7*7}";

    private final MockMvcTester http;
    private final Adjustments adjustments;
    private final Books books;

    AdjustmentPagesIntegrationTests(MockMvcTester http, Adjustments adjustments, Books books) {
        this.http = http;
        this.adjustments = adjustments;
        this.books = books;
    }

    @Test
    void aPersonSeesTheEffectProposesAndASecondOneApproves() {
        var form = form("GRANT_BONUS", "user-adjust", "12.34");
        assertThat(get("mei", LIST + "/new?user=user-adjust"))
                .hasStatusOk()
                .bodyText()
                .contains("value=\"user-adjust\"", "Show the effect")
                .doesNotContain("Propose it");

        assertThat(post("mei", LIST + "/preview", form))
                .hasStatusOk()
                .bodyText()
                .contains("¥12.34", "Bonus control", "never seen before", "Propose it");
        assertThat(balance("user-adjust")).isEqualTo(Money.fen(0));

        var proposed = post("mei", LIST, form);
        var number = Objects.requireNonNull(form.get("number"));
        assertThat(proposed).hasRedirectedUrl(LIST + "/" + number);
        assertThat(get("mei", LIST)).bodyText().contains(number, "user-adjust");
        assertThat(get("mei", LIST + "/" + number))
                .bodyText()
                .contains("somebody else must approve", "Withdraw")
                .doesNotContain("Approve and book");

        assertThat(get("jun", LIST + "/" + number)).bodyText().contains("Approve and book", "Reject");
        assertThat(flash(post("jun", LIST + "/" + number + "/approve", Map.of("note", "ok"))))
                .isEqualTo("adjustment.done.BOOKED");
        assertThat(balance("user-adjust")).isEqualTo(Money.fen(1_234));
        assertThat(get("mei", LIST + "/" + number))
                .bodyText()
                .contains("Approved by jun and booked", "/admin/ledger/vouchers/")
                .doesNotContain("Approve and book", "Withdraw");
    }

    @Test
    void nothingIsPostedWithoutATokenOrByAStranger() {
        var number = proposed("user-token").number();
        for (var path : List.of(
                LIST,
                LIST + "/preview",
                LIST + "/" + number + "/approve",
                LIST + "/" + number + "/reject",
                LIST + "/" + number + "/withdraw")) {
            assertThat(http.post().uri(path).with(user("jun").roles("ADMIN")).exchange())
                    .as("no token: " + path)
                    .hasStatus(403);
            assertThat(http.post().uri(path).with(csrf()).exchange())
                    .as("nobody: " + path)
                    .hasStatus3xxRedirection();
            assertThat(http.post()
                            .uri(path)
                            .with(csrf())
                            .with(user("new").roles("NEW_PASSWORD"))
                            .exchange())
                    .as("one-time password: " + path)
                    .hasStatus(403);
        }
        assertThat(adjustments.get(number).open()).isTrue();
    }

    @Test
    void onesOwnProposalIsNotApprovedByForgingTheForm() {
        var number = proposed("user-own").number();

        assertThat(flashed(post("mei", LIST + "/" + number + "/approve", Map.of()))
                        .arguments())
                .containsExactly("A second person must decide on what you have proposed yourself.");

        assertThat(adjustments.get(number).open()).isTrue();
        assertThat(balance("user-own")).isEqualTo(Money.fen(0));
    }

    @Test
    void theSecondDecisionReadsWhatTheFirstWas() {
        var number = proposed("user-second").number();
        post("jun", LIST + "/" + number + "/reject", Map.of("note", HOSTILE));

        var late = post("lan", LIST + "/" + number + "/approve", Map.of());

        assertThat(flashed(late).tone()).isEqualTo("bad");
        assertThat(flashed(late).arguments().getFirst()).contains("REJECTED by jun");
        assertThat(get("lan", LIST + "/" + number))
                .bodyText()
                .contains("Rejected by jun", "&lt;script&gt;", "${7*7}")
                .doesNotContain("<script>alert");
        assertThat(adjustments.get(number).state()).isEqualTo(AdjustmentState.REJECTED);
    }

    @Test
    void aRejectionNeedsAReason() {
        var number = proposed("user-why").number();

        assertThat(flash(post("jun", LIST + "/" + number + "/reject", Map.of("note", "  "))))
                .isEqualTo("adjustment.wrong.note");

        assertThat(adjustments.get(number).open()).isTrue();
    }

    @Test
    void aWithdrawnProposalCannotBeApproved() {
        var number = proposed("user-withdrawn").number();
        assertThat(flashed(post("jun", LIST + "/" + number + "/withdraw", Map.of()))
                        .tone())
                .isEqualTo("bad");
        assertThat(flash(post("mei", LIST + "/" + number + "/withdraw", Map.of())))
                .isEqualTo("adjustment.done.WITHDRAWN");

        assertThat(flashed(post("jun", LIST + "/" + number + "/approve", Map.of()))
                        .tone())
                .isEqualTo("bad");

        assertThat(balance("user-withdrawn")).isEqualTo(Money.fen(0));
    }

    @Test
    void whatTheLedgerRefusesIsSaidBeforeAndAfter() {
        var form = form("TAKE_BONUS", "user-poor", "1.00");
        assertThat(post("mei", LIST + "/preview", form))
                .hasStatusOk()
                .bodyText()
                .contains("The ledger would refuse it.", "There is not enough in the wallet.");
        post("mei", LIST, form);
        var page = LIST + "/" + form.get("number");

        assertThat(flash(post("jun", page + "/approve", Map.of()))).isEqualTo("adjustment.done.REFUSED");
        assertThat(get("mei", page)).bodyText().contains("but the ledger refused it", "There is not enough");
    }

    @Test
    void everyFieldSaysWhatIsWrongWithIt() {
        var wrong = new HashMap<>(form("CHARGEBACK", "not a user", "1.001"));
        wrong.put("reason", "four");
        wrong.put("subject", "");
        for (var path : List.of(LIST + "/preview", LIST)) {
            assertThat(post("mei", path, wrong))
                    .hasStatus(422)
                    .bodyText()
                    .contains(
                            "A user’s name has",
                            "at most two decimals",
                            "in 5 to 500 characters",
                            "number of the payment that")
                    .contains("value=\"not a user\"", "value=\"1.001\"", ">four</textarea>");
        }
        for (var amount : List.of("", "0", "-5", "1e3", "100000000.01", "１２", "19,99")) {
            assertThat(post("mei", LIST, form("GRANT_BONUS", "user-fields", amount)))
                    .as(amount)
                    .hasStatus(422);
        }
        var past = new HashMap<>(form("GRANT_BONUS", "user-fields", "1.00"));
        past.put("lastDay", "2020-01-01");
        assertThat(post("mei", LIST, past)).hasStatus(422).bodyText().contains("Choose today or a later day");
        past.put("lastDay", "soon");
        assertThat(post("mei", LIST, past)).hasStatus(422);
        assertThat(post("mei", LIST, form("STEAL", "user-fields", "1.00"))).hasStatus(422);
        assertThat(balance("user-fields")).isEqualTo(Money.fen(0));
    }

    @Test
    void whatPeopleWriteIsTextAndAFormSentTwiceIsOneProposal() {
        var form = new HashMap<>(form("GRANT_PRINCIPAL", "user-twice", "1.00"));
        form.put("reason", HOSTILE);

        var first = post("mei", LIST, form);
        var second = post("mei", LIST, form);

        assertThat(first.getResponse().getRedirectedUrl())
                .isEqualTo(second.getResponse().getRedirectedUrl());
        assertThat(adjustments.open())
                .filteredOn(one -> one.proposal().userId().value().equals("user-twice"))
                .hasSize(1);
        assertThat(get("jun", LIST + "/" + form.get("number")))
                .bodyText()
                .contains("&lt;script&gt;")
                .doesNotContain("<script>alert");
        assertThat(get("jun", LIST)).bodyText().doesNotContain("<script>alert");
    }

    @Test
    void aFieldThatTheKindDoesNotHaveIsLeftOut() {
        var form = new HashMap<>(form("GRANT_PRINCIPAL", "user-mind", "1.00"));
        form.put("subject", "P1");
        form.put("lastDay", "2020-01-01");

        assertThat(post("mei", LIST, form)).hasStatus3xxRedirection();

        var proposal = adjustments.get(String.valueOf(form.get("number"))).proposal();
        assertThat(proposal.subject()).isEmpty();
        assertThat(proposal.bonusExpiresAt()).isEmpty();
    }

    @Test
    void whatIsNotThereIsAFriendlyPage() {
        assertThat(get("mei", LIST + "/A1")).hasStatus(404);
        assertThat(post("mei", LIST + "/A1/approve", Map.of())).hasStatus(404);
    }

    @Test
    void theSearchFindsAnAdjustmentByItsNumber() {
        var number = proposed("user-found").number();

        assertThat(get("mei", "/admin/search?q=" + number)).hasRedirectedUrl(LIST + "/" + number);
    }

    private Adjustment proposed(String userId) {
        var proposal = new Proposal(
                AdjustmentKind.GRANT_PRINCIPAL,
                new UserId(userId),
                Money.fen(100),
                Optional.empty(),
                Optional.empty(),
                "a late parcel");
        return adjustments.propose(adjustments.newNumber(), proposal, "mei");
    }

    private Map<String, String> form(String kind, String userId, String amount) {
        return Map.of(
                "number",
                adjustments.newNumber(),
                "kind",
                kind,
                "user",
                userId,
                "amount",
                amount,
                "subject",
                "",
                "lastDay",
                "",
                "reason",
                "a late parcel");
    }

    private Money balance(String userId) {
        var balances = books.card(new UserId(userId), null).balances();
        return balances.principal().plus(balances.bonus());
    }

    private static String flash(MvcTestResult result) {
        return flashed(result).key();
    }

    private static Flash flashed(MvcTestResult result) {
        return (Flash)
                Objects.requireNonNull(result.getMvcResult().getFlashMap().get("flash"));
    }

    private MvcTestResult get(String person, String uri) {
        return http.get().uri(uri).with(user(person).roles("ADMIN")).exchange();
    }

    private MvcTestResult post(String person, String uri, Map<String, String> fields) {
        AbstractMockHttpServletRequestBuilder<?> request =
                http.post().uri(uri).with(user(person).roles("ADMIN")).with(csrf());
        fields.forEach(request::param);
        return http.perform(request);
    }
}
