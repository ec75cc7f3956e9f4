package io.tallyhook.payment.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tallyhook.payment.Door;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.InterventionResult;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.PaymentModuleTest;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Refusal;
import io.tallyhook.payment.Till;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackDetail.CheckResult;
import io.tallyhook.payment.callback.CallbackDetail.Result;
import io.tallyhook.payment.provider.Check;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.TestKeys;
import tallyhook.testing.WeChatNotification;

/** What people see of deliveries, and running them again. */
@PaymentModuleTest
class CallbackLogIntegrationTests {

    private static final Paging FIRST = Paging.of(null, null);

    private final Callbacks callbacks;
    private final Door door;
    private final Till till;
    private final JdbcClient jdbc;
    private final LoggedCallbacks logged;

    CallbackLogIntegrationTests(Callbacks callbacks, Door door, Till till, JdbcClient jdbc) {
        this.callbacks = callbacks;
        this.door = door;
        this.till = till;
        this.jdbc = jdbc;
        this.logged = new LoggedCallbacks(jdbc);
    }

    @Test
    void one_search_box_finds_our_number_theirs_and_the_notification() {
        var outTradeNo = till.opened("wechat");
        var notification = "EV-" + UUID.randomUUID();
        door.send(WeChatNotification.paid(outTradeNo, 1999).id(notification).transactionId("4200SEARCH" + outTradeNo));

        for (var number : List.of(outTradeNo, notification, "4200SEARCH" + outTradeNo)) {
            var filter = new CallbackFilter(number, null, Set.of(), null, null, null);
            assertThat(callbacks.search(filter, FIRST).items())
                    .extracting(CallbackLine::outTradeNo)
                    .containsExactly(outTradeNo);
        }
        assertThat(callbacks
                        .search(new CallbackFilter("nothing like it", null, Set.of(), null, null, null), FIRST)
                        .items())
                .isEmpty();
    }

    @Test
    void each_filter_limits() {
        var outTradeNo = till.opened("wechat");
        var start = Instant.now();
        door.send(WeChatNotification.paid(outTradeNo, 1));
        door.send(WeChatNotification.paid(outTradeNo, 1999));
        door.send(WeChatNotification.paid(outTradeNo, 1999));

        assertThat(outcomes(outTradeNo, Set.of(), null, null, null))
                .containsExactly(Outcome.DUPLICATE, Outcome.CONFIRMED, Outcome.MISMATCH);
        assertThat(outcomes(outTradeNo, Set.of(Outcome.MISMATCH), null, null, null))
                .containsExactly(Outcome.MISMATCH);
        assertThat(outcomes(outTradeNo, Set.of(Outcome.MISMATCH, Outcome.CONFIRMED), null, null, null))
                .containsExactly(Outcome.CONFIRMED, Outcome.MISMATCH);
        assertThat(outcomes(outTradeNo, Set.of(), "wechat", null, null)).hasSize(3);
        assertThat(outcomes(outTradeNo, Set.of(), "alipay", null, null)).isEmpty();
        assertThat(outcomes(outTradeNo, Set.of(), null, start.minusSeconds(1), null))
                .hasSize(3);
        assertThat(outcomes(outTradeNo, Set.of(), null, null, start)).isEmpty();
        assertThat(outcomes(outTradeNo, Set.of(), null, Instant.now().plusSeconds(1), null))
                .isEmpty();
    }

    private List<Outcome> outcomes(
            String outTradeNo,
            Set<Outcome> outcomes,
            @Nullable String provider,
            @Nullable Instant from,
            @Nullable Instant to) {
        return callbacks
                .search(new CallbackFilter(null, outTradeNo, outcomes, provider, from, to), FIRST)
                .items()
                .stream()
                .map(CallbackLine::outcome)
                .toList();
    }

    @Test
    void pages_follow_each_other_without_gap_or_repeat_while_more_arrive() {
        var outTradeNo = till.opened("wechat");
        for (int i = 0; i < 7; i++) {
            door.send(WeChatNotification.paid(outTradeNo, 1999));
        }
        var all = callbacks.search(CallbackFilter.of(outTradeNo), FIRST).items();

        var seen = new ArrayList<CallbackLine>();
        String cursor = null;
        do {
            var page = callbacks.search(CallbackFilter.of(outTradeNo), Paging.of(3, cursor));
            seen.addAll(page.items());
            cursor = page.nextCursor();
            door.send(WeChatNotification.paid(outTradeNo, 1999));
        } while (cursor != null);

        assertThat(seen).isEqualTo(all).hasSize(7);
        assertThat(all).extracting(CallbackLine::receivedAt).isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void a_cursor_or_an_id_that_is_not_ours_is_refused() {
        assertThatThrownBy(() -> callbacks.search(CallbackFilter.all(), Paging.of(3, "x'; DROP TABLE callback")))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> assertThat(refusal.status().value()).isEqualTo(400));
        for (var id : List.of("x", "", UUID.randomUUID().toString())) {
            assertThatThrownBy(() -> callbacks.get(id))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.status().value()).isEqualTo(404));
        }
    }

    @Test
    void a_delivery_that_passed_shows_every_check_as_passed_with_both_values() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1999));

        var detail = callbacks.get(only(outTradeNo));

        assertThat(detail.checks()).allMatch(check -> check.result() == Result.PASSED);
        assertThat(detail.checks())
                .extracting(CheckResult::check)
                .contains(Check.SIGNATURE, Check.PAYMENT, Check.CHANNEL, Check.APP_ID, Check.AMOUNT, Check.CURRENCY);
        assertThat(check(detail, Check.AMOUNT))
                .isEqualTo(new CheckResult(Check.AMOUNT, Result.PASSED, "19.99", "19.99"));
        assertThat(detail.reply().status()).isEqualTo(200);
        assertThat(detail.reply().body()).isEqualTo("{\"code\":\"SUCCESS\"}");
        assertThat(detail.caused()).extracting("outTradeNo", "state").containsExactly(outTradeNo, PaymentState.PAID);
        assertThat(detail.line().durationMicros()).isPositive();
    }

    @Test
    void what_did_not_fit_shows_both_values_as_they_were_then() {
        var outTradeNo = till.opened("alipay");
        door.send(AlipayNotification.paid(outTradeNo, 1));
        var id = only(outTradeNo);
        door.send(AlipayNotification.paid(outTradeNo, 1999));

        var detail = callbacks.get(id);

        assertThat(check(detail, Check.AMOUNT))
                .isEqualTo(new CheckResult(Check.AMOUNT, Result.FAILED, "19.99", "0.01"));
        assertThat(check(detail, Check.SELLER).result()).isEqualTo(Result.PASSED);
        assertThat(detail.reply().body()).isEqualTo("fail");
    }

    @Test
    void what_was_not_believed_shows_where_it_stopped() {
        var userAgent = "stopped-" + System.nanoTime();
        door.send(WeChatNotification.paid(till.opened("wechat"), 1999)
                .serial("PUB_KEY_ID_OF_SOMEBODY")
                .header("user-agent", userAgent));

        var detail = callbacks.get(logged.withUserAgent(userAgent).id());

        assertThat(check(detail, Check.KEY).result()).isEqualTo(Result.FAILED);
        assertThat(check(detail, Check.KEY).actual()).contains("PUB_KEY_ID_OF_SOMEBODY");
        assertThat(detail.checks().stream().filter(check -> check.result() == Result.NOT_REACHED))
                .isNotEmpty();
        assertThat(detail.checks().stream().filter(check -> check.result() == Result.FAILED))
                .hasSize(1);
        assertThat(detail.reply().status()).isEqualTo(401);
        assertThat(detail.caused()).isNull();
    }

    /** A person who sees as passed what was never looked at searches for the fault in the wrong place. */
    @Test
    void only_what_was_looked_at_is_shown_as_passed() {
        var paid = WeChatNotification.paid("P-explained", 1999);
        var content = "{\"out_trade_no\":";

        assertStopped(paid.without("wechatpay-signature"), List.of(), Check.SIGNATURE);
        assertStopped(paid.at(Instant.now().minusSeconds(3600)).serial("NOBODY"), List.of(), Check.TIMESTAMP);
        assertStopped(paid.serial("NOBODY"), List.of(Check.TIMESTAMP), Check.KEY);
        assertStopped(paid.tampered(), List.of(Check.TIMESTAMP, Check.KEY), Check.SIGNATURE);
        assertStopped(paid.content(content), List.of(Check.TIMESTAMP, Check.KEY, Check.SIGNATURE), Check.FORM);
        assertStopped(
                paid.with("amount.total", 19.99),
                List.of(Check.TIMESTAMP, Check.KEY, Check.SIGNATURE, Check.DECRYPTION),
                Check.FORM);
    }

    private void assertStopped(WeChatNotification notification, List<Check> passed, Check failed) {
        var userAgent = "explained-" + System.nanoTime();
        door.send(notification.header("user-agent", userAgent));

        var checks = callbacks.get(logged.withUserAgent(userAgent).id()).checks();

        assertThat(checks)
                .filteredOn(check -> check.result() == Result.PASSED)
                .extracting(CheckResult::check)
                .containsExactlyElementsOf(passed);
        assertThat(checks)
                .filteredOn(check -> check.result() == Result.FAILED)
                .extracting(CheckResult::check)
                .containsExactly(failed);
    }

    @Test
    void a_number_that_was_unknown_then_stays_so_in_the_log() {
        var unknown = "P-later-" + System.nanoTime() % 1_000_000;
        door.send(WeChatNotification.paid(unknown, 1999));

        var detail = callbacks.get(only(unknown));

        assertThat(check(detail, Check.PAYMENT)).isEqualTo(new CheckResult(Check.PAYMENT, Result.FAILED, "—", unknown));
        assertThat(detail.checks()).extracting(CheckResult::check).doesNotContain(Check.AMOUNT, Check.CHANNEL);
        assertThat(detail.reply().status()).isEqualTo(404);
    }

    @Test
    void deliveries_of_one_notification_know_each_other() {
        var outTradeNo = till.opened("wechat");
        var paid = WeChatNotification.paid(outTradeNo, 1999);
        door.send(paid);
        door.send(paid);
        door.send(paid.id("EV-another"));

        var detail = callbacks.get(logged.of(outTradeNo).getFirst().id());

        assertThat(detail.siblings())
                .extracting(line -> line.callbackId().toString())
                .containsExactly(logged.of(outTradeNo).get(1).id());
    }

    @Test
    void personal_data_are_masked_and_a_look_at_them_is_recorded() {
        var byWeChat = till.opened("wechat");
        var byAlipay = till.opened("alipay");
        door.send(WeChatNotification.paid(byWeChat, 1999));
        door.send(AlipayNotification.paid(byAlipay, 1999));

        for (var outTradeNo : List.of(byWeChat, byAlipay)) {
            var masked = callbacks.get(only(outTradeNo));
            assertThat(masked.masked()).isTrue();
            assertThat(masked.content() + masked.body())
                    .doesNotContain("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "2088000000000001")
                    .contains("***");
            assertThat(masked.content()).contains(outTradeNo);
            assertThat(masked.interventions()).isEmpty();

            callbacks.getUnmasked(only(outTradeNo), "a person");

            var clear = callbacks.getUnmasked(only(outTradeNo), "another person");
            assertThat(clear.masked()).isFalse();
            assertThat(clear.content()).containsAnyOf("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "2088000000000001");
            assertThat(clear.interventions())
                    .extracting(intervention -> intervention.actor() + " " + intervention.action())
                    .containsExactly("another person UNMASK_CALLBACK", "a person UNMASK_CALLBACK");
        }
    }

    @Test
    void a_dry_run_says_what_would_change_and_changes_nothing() {
        var outTradeNo = till.opened("wechat");
        var id = unbooked(outTradeNo);
        var before = dump();

        var dry = callbacks.dryRun(id);

        assertThat(dump()).isEqualTo(before);
        assertThat(dry.dryRun()).isTrue();
        assertThat(dry.outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(dry.changes())
                .extracting(change -> change.what() + " " + change.from() + " " + change.to())
                .contains(
                        "payment %s state PENDING PAID".formatted(outTradeNo),
                        "payment %s fulfilment NONE PENDING".formatted(outTradeNo));
        assertThat(dry.handsOut()).startsWith("GOODS O");
        assertThat(till.listener().heardOf(outTradeNo)).isZero();
    }

    @Test
    void a_replay_does_what_the_dry_run_said_and_what_an_arriving_delivery_would() {
        var outTradeNo = till.opened("wechat");
        var id = unbooked(outTradeNo);
        var dry = callbacks.dryRun(id);

        var replay = callbacks.replay(id, "a person");

        assertThat(replay).usingRecursiveComparison().ignoringFields("dryRun").isEqualTo(dry);
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
        assertThat(till.settled(outTradeNo).fulfilment()).isEqualTo(FulfilmentState.SUCCEEDED);
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
        assertThat(callbacks.get(id).interventions())
                .extracting(intervention ->
                        intervention.actor() + " " + intervention.action() + " " + intervention.result())
                .containsExactly("a person REPLAY_CALLBACK CONFIRMED");
        assertThat(callbacks.get(id).interventions().getFirst().said())
                .isEqualTo(InterventionResult.of(InterventionResult.Code.REPLAYED, Outcome.CONFIRMED));

        assertThat(callbacks.replay(id, "a person").outcome()).isEqualTo(Outcome.DUPLICATE);
        assertThat(callbacks.replay(id, "a person").changes()).isEmpty();
        assertThat(till.handedOut(outTradeNo)).isEqualTo(1);
    }

    @Test
    void a_replay_of_what_does_not_fit_books_nothing() {
        var outTradeNo = till.opened("wechat");
        door.send(WeChatNotification.paid(outTradeNo, 1));

        var replay = callbacks.replay(only(outTradeNo), "a person");

        assertThat(replay.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(replay.differences()).containsExactly(new CheckResult(Check.AMOUNT, Result.FAILED, "19.99", "0.01"));
        assertThat(replay.changes()).isEmpty();
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void what_was_not_believed_is_not_believed_when_a_person_asks() {
        var outTradeNo = till.opened("wechat");
        var userAgent = "forged-" + System.nanoTime();
        door.send(WeChatNotification.paid(outTradeNo, 1999)
                .signedWith(TestKeys.stranger().getPrivate())
                .header("user-agent", userAgent));
        var id = logged.withUserAgent(userAgent).id();

        assertThat(callbacks.dryRun(id).outcome()).isEqualTo(Outcome.REJECTED);
        var replay = callbacks.replay(id, "a person");

        assertThat(replay.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(replay.reason()).isEqualTo("SIGNATURE_WRONG");
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PENDING);
        assertThat(callbacks.get(id).interventions()).hasSize(1);
    }

    /** c5: the window is that of its arrival, so an old delivery can be replayed by a person, and only by one. */
    @Test
    void a_replay_is_verified_as_of_its_arrival() {
        var outTradeNo = till.opened("wechat");
        var old = WeChatNotification.paid(outTradeNo, 1999).at(Instant.now().minus(Duration.ofDays(3)));
        assertThat(door.send(old).statusCode()).isEqualTo(401);
        var id = stored(old, Instant.now().minus(Duration.ofDays(3)));

        assertThat(callbacks.replay(id, "a person").outcome()).isEqualTo(Outcome.CONFIRMED);
        assertThat(till.payment(outTradeNo).state()).isEqualTo(PaymentState.PAID);
    }

    /** A delivery that arrived while we could not book it. */
    private String unbooked(String outTradeNo) {
        return stored(WeChatNotification.paid(outTradeNo, 1999), Instant.now());
    }

    private String stored(WeChatNotification notification, Instant arrivedAt) {
        var userAgent = "stored-" + System.nanoTime();
        door.send(notification.tampered().header("user-agent", userAgent));
        var id = logged.withUserAgent(userAgent).id();
        jdbc.sql("UPDATE payment.callback SET body = :body, received_at = :at WHERE id = :id::uuid")
                .param("body", notification.toRequest().body())
                .param("at", Timestamp.from(arrivedAt))
                .param("id", id)
                .update();
        return id;
    }

    private List<String> dump() {
        var all = new ArrayList<String>();
        for (var table : List.of(
                "payment.payment",
                "payment.refund",
                "payment.callback",
                "payment.intervention",
                "event_publication",
                "handed_out")) {
            all.addAll(jdbc.sql("SELECT t::text FROM %s t ORDER BY 1".formatted(table))
                    .query((row, number) -> row.getString(1))
                    .list());
        }
        return all;
    }

    private String only(String outTradeNo) {
        return logged.only(outTradeNo).id();
    }

    private static CheckResult check(CallbackDetail detail, Check check) {
        return detail.checks().stream()
                .filter(result -> result.check() == check)
                .findFirst()
                .orElseThrow();
    }
}
