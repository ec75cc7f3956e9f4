package io.tallyhook.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Paging;
import io.tallyhook.payment.ParkingReason;
import io.tallyhook.payment.PaymentState;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.booking.Outcome;
import io.tallyhook.payment.callback.CallbackFilter;
import io.tallyhook.payment.callback.CallbackLine;
import io.tallyhook.payment.callback.Callbacks;
import io.tallyhook.payment.provider.Check;
import io.tallyhook.payment.provider.Rejection;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tallyhook.testing.AlipayNotification;
import tallyhook.testing.WeChatNotification;

/** The log of deliveries in the browser, and running one again. */
@AdminTest
class CallbackPagesIntegrationTests {

    private static final String HOSTILE = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>${7*7}";

    private final MockMvcTester http;
    private final Day day;
    private final Callbacks callbacks;
    private final Payments payments;
    private final JdbcClient jdbc;

    CallbackPagesIntegrationTests(
            MockMvcTester http, Day day, Callbacks callbacks, Payments payments, JdbcClient jdbc) {
        this.http = http;
        this.day = day;
        this.callbacks = callbacks;
        this.payments = payments;
        this.jdbc = jdbc;
    }

    @Test
    void aStrangerIsSentToTheLogin() {
        assertThat(http.get().uri("/admin/callbacks").exchange()).hasStatus3xxRedirection();
    }

    @Test
    void theListShowsWhatArrivedAndTheFilterStaysInTheAddress() {
        var payment = day.paid("user-list", 1999);
        var page =
                get("/admin/callbacks?outcome=CONFIRMED&outcome=LATE&provider=wechat&number=" + payment.outTradeNo());

        assertThat(page).hasStatusOk().bodyText().contains(payment.outTradeNo(), "Confirmed", "WeChat Pay");
        assertThat(page).bodyText().containsPattern("value=\"CONFIRMED\"\\s+checked");
        assertThat(page).bodyText().containsPattern("value=\"wechat\"[^>]*selected");
        assertThat(page).bodyText().contains("?outcome=CONFIRMED&amp;outcome=LATE&amp;provider=wechat&amp;number=");
    }

    @Test
    void aDeliveryIsFoundByEachOfItsThreeNumbers() {
        var payment = day.ordered("user-find", "wechat", 500);
        var line =
                day.arrives(WeChatNotification.paid(payment.outTradeNo(), 500).id("EV-find-me"));

        for (var number : List.of(payment.outTradeNo(), "EV-find-me", String.valueOf(line.providerTransactionId()))) {
            assertThat(get("/admin/callbacks?number=" + number)).bodyText().contains(link(line));
        }
        assertThat(get("/admin/callbacks?number=EV-find-you")).bodyText().doesNotContain(link(line));
    }

    @Test
    void nothingThereAndNothingThatFitsAreDifferentThings() {
        assertThat(get("/admin/callbacks?number=NOBODY-HAS-THIS"))
                .bodyText()
                .contains("No delivery fits these filters")
                .doesNotContain("No delivery yet");
    }

    @Test
    void aFilterTypedByHandThatDoesNotExistLimitsNothing() {
        day.paid("user-typo", 100);
        assertThat(get("/admin/callbacks?outcome=NONSENSE"))
                .hasStatusOk()
                .bodyText()
                .contains("data-rows");
    }

    @Test
    void aTimeThatCannotBeReadIsRefusedKindly() {
        assertThat(get("/admin/callbacks?time=custom&from=yesterday"))
                .hasStatus(400)
                .bodyText()
                .contains("must be a date and time");
    }

    @Test
    void pagesFollowEachOtherAndKeepTheFilter() {
        var payment = day.paid("user-paging", 700);
        var notification = WeChatNotification.paid(payment.outTradeNo(), 700);
        for (int i = 0; i < 50; i++) {
            day.arrives(notification);
        }
        var filter = "/admin/callbacks?provider=wechat&number=" + payment.outTradeNo();
        var first = text(get(filter));
        var cursor = cursorIn(first);

        assertThat(first).contains("provider=wechat&amp;number=" + payment.outTradeNo() + "&amp;cursor=" + cursor);
        var second = text(get(filter + "&cursor=" + cursor));
        assertThat(rows(first)).isEqualTo(50);
        assertThat(rows(second)).isEqualTo(1);
        assertThat(second).contains("Newest").doesNotContain("rel=\"next\"");
    }

    @Test
    void whatCameSinceTheListWasDrawnIsCounted() {
        var payment = day.paid("user-live", 800);
        var last = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 800));
        var question = "/admin/callbacks/newer?number=%s&since=%s&last=%s"
                .formatted(payment.outTradeNo(), last.receivedAt(), last.callbackId());

        assertThat(get(question)).hasStatusOk().bodyText().doesNotContain("new");
        day.arrives(WeChatNotification.paid(payment.outTradeNo(), 800));
        assertThat(get(question)).bodyText().contains("1 new");
    }

    @Test
    void theDetailSaysWhatHappenedWhatWasAnsweredAndWhatItCaused() {
        var payment = day.paid("user-detail", 123456);
        var line = newest(payment.outTradeNo());

        assertThat(get("/admin/callbacks/" + line.callbackId()))
                .hasStatusOk()
                .bodyText()
                .contains("Everything fits, and the payment was booked as paid.")
                .contains("will not send it again")
                .contains("the same on both sides")
                .contains("/admin/payments/" + payment.outTradeNo())
                .contains("/admin/orders/" + payment.reference())
                .contains("¥1,234.56");
    }

    @Test
    void aMismatchShowsBothValuesAndMarksWhereTheyDiffer() {
        var payment = day.ordered("user-mismatch", "alipay", 1999);
        var line = day.arrives(AlipayNotification.paid(payment.outTradeNo(), 1899));

        assertThat(line.outcome()).isEqualTo(Outcome.MISMATCH);
        assertThat(get("/admin/callbacks/" + line.callbackId()))
                .bodyText()
                .contains("it contradicts our payment")
                .contains("does not fit")
                .contains("1<mark>9</mark>.99", "1<mark>8</mark>.99");
    }

    @Test
    void whatIsRejectedSaysWhyInWordsOfBothLanguages() {
        var line = day.arrives(WeChatNotification.paid("PNOBODY1", 1).tampered());

        assertThat(line.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(get("/admin/callbacks/" + line.callbackId()))
                .bodyText()
                .contains("Wrong signature", "was changed on the way", "not reached");
        assertThat(get("/admin/callbacks/" + line.callbackId() + "?lang=zh-CN"))
                .bodyText()
                .contains("签名错误", "途中被篡改", "未执行");
    }

    @Test
    void whatASenderWritesIsShownAsTextOnly() {
        var line = day.arrives(AlipayNotification.paid("PHOSTILE1", 100)
                .id(HOSTILE)
                .tradeNo(HOSTILE)
                .with("subject", HOSTILE)
                .with("body", HOSTILE)
                .with("passback_params", HOSTILE));

        for (var path : List.of("/admin/callbacks", link(line), link(line) + "/replay")) {
            assertThat(get(path))
                    .hasStatusOk()
                    .bodyText()
                    .doesNotContain("<script>alert", "<img src=x", ">49<", "onerror=alert(1)>");
        }
    }

    /** Hole c33: a firewall in front of the door must not judge what only the signature may judge. */
    @ParameterizedTest
    @ValueSource(strings = {"\u5fae\u4fe1\u652f\u4ed8", "\u0081\u00ff<i>"})
    void aGenuineDeliveryIsBookedWhateverBytesItsOtherHeadersHave(String userAgent) throws IOException {
        var payment = day.ordered("user-headers", "wechat", 900);
        var request = WeChatNotification.paid(payment.outTradeNo(), 900).toRequest();
        var headers = new HashMap<>(request.headers());
        headers.put("User-Agent", userAgent);

        assertThat(day.sentRawly("wechat", headers, request.body())).startsWith("HTTP/1.1 200");

        day.fulfilled(payment);
        var line = callbacks
                .search(CallbackFilter.of(payment.outTradeNo()), Paging.of(null, null))
                .items()
                .getFirst();
        assertThat(get("/admin/callbacks/" + line.callbackId())).hasStatusOk();
    }

    @Test
    void aForgedDeliveryIsNoFaultOfOursWhateverBytesItHas() throws IOException {
        var headers =
                Map.of("Wechatpay-Signature", "\u0081\u0090", "Wechatpay-Nonce", "\u5fae", "User-Agent", "\u0085");

        assertThat(day.sentRawly("wechat", headers, "{}".getBytes(UTF_8))).startsWith("HTTP/1.1 401");
        assertThat(day.sentRawly("alipay", headers, "a=b".getBytes(UTF_8))).startsWith("HTTP/1.1 200");
    }

    @Test
    void personalDataIsHiddenUntilSomebodyAsksAndThatIsRecorded() {
        var payment = day.ordered("user-secret", "wechat", 300);
        var line = day.arrives(WeChatNotification.paid(payment.outTradeNo(), 300)
                .with("payer", Map.of("openid", "oSECRET-OPENID-OF-SOMEBODY")));
        var page = "/admin/callbacks/" + line.callbackId();

        assertThat(get(page)).bodyText().doesNotContain("oSECRET-OPENID-OF-SOMEBODY");
        assertThat(interventions(line)).isEmpty();

        var asked = post(page + "/clear-text");
        assertThat(asked).hasStatus3xxRedirection();
        var shown = http.get()
                .uri(page)
                .cookie(Objects.requireNonNull(asked.getResponse().getCookie("tallyhook")))
                .with(user("mei").roles("ADMIN"))
                .exchange();
        assertThat(shown).bodyText().contains("oSECRET-OPENID-OF-SOMEBODY", "recorded with your name");
        assertThat(interventions(line)).containsExactly("mei UNMASK_CALLBACK");
        assertThat(get(page)).bodyText().doesNotContain("oSECRET-OPENID-OF-SOMEBODY");
    }

    @Test
    void aDryRunSaysWhatWouldChangeAndChangesNothing() {
        var line = unknownThenOpened("P0DRYRUN1", 4200);
        var before = everything();

        assertThat(get(link(line) + "/replay"))
                .hasStatusOk()
                .bodyText()
                .contains("Awaiting payment", "Paid", "Then this is handed out", "Replay now")
                .contains("Run this delivery again?");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aDeliveryThatCameBeforeItsPaymentWasOpenedIsBookedByAReplay() {
        var line = unknownThenOpened("P0TOOEARLY", 4300);

        var done = post(link(line) + "/replay");

        assertThat(done).hasRedirectedUrl(link(line));
        assertThat(done.getMvcResult().getFlashMap().get("flash"))
                .isEqualTo(new Flash("replayed.changed.CONFIRMED", "good", List.of()));
        assertThat(payments.get("P0TOOEARLY").state()).isEqualTo(PaymentState.PAID);
        assertThat(interventions(line)).containsExactly("mei REPLAY_CALLBACK");
    }

    @Test
    void aReplayOfADuplicateChangesNothing() {
        var payment = day.paid("user-twice", 900);
        var line = newest(payment.outTradeNo());
        var before = paymentRow(payment.outTradeNo());

        assertThat(get(link(line) + "/replay")).bodyText().contains("Nothing would change", "disabled");
        var done = post(link(line) + "/replay");

        assertThat(done.getMvcResult().getFlashMap().get("flash"))
                .isEqualTo(new Flash("replayed.unchanged.DUPLICATE", "bad", List.of()));
        assertThat(paymentRow(payment.outTradeNo())).isEqualTo(before);
    }

    @Test
    void aReplayWithoutTheTokenOfItsFormIsRefused() {
        var line = unknownThenOpened("P0FORGED1", 100);
        var forged = http.post()
                .uri(link(line) + "/replay")
                .with(user("mei").roles("ADMIN"))
                .exchange();

        assertThat(forged).hasStatus(403);
        assertThat(payments.get("P0FORGED1").state()).isEqualTo(PaymentState.PENDING);
    }

    @Test
    void aDeliveryThatDoesNotExistIsAFriendlyPage() {
        for (var id : List.of("0198f3a0-0000-7000-8000-000000000000", "nonsense")) {
            assertThat(get("/admin/callbacks/" + id))
                    .hasStatus(404)
                    .bodyText()
                    .contains("There is no such thing here", "nav class=\"mainnav\"");
        }
    }

    @Test
    void everyOutcomeAndEveryRejectionHasWordsInBothLanguages() {
        var keys = new ArrayList<String>();
        for (var outcome : Outcome.values()) {
            keys.addAll(List.of("outcome." + outcome, "replay." + outcome, "badge.outcome." + outcome));
            keys.add("replayed." + (outcome.changedSomething() ? "changed." : "unchanged.") + outcome);
        }
        for (var rejection : Rejection.values()) {
            keys.addAll(List.of("rejection." + rejection, "rejection." + rejection + ".text"));
        }
        for (var check : Check.values()) {
            keys.addAll(List.of("check." + check, "check." + check + ".text"));
        }
        for (var reason : ParkingReason.values()) {
            keys.addAll(List.of("parking." + reason, "parking." + reason + ".text"));
        }
        for (var bundle : List.of("/messages.properties", "/messages_zh_CN.properties")) {
            assertThat(Words.of(bundle)).containsKeys(keys.toArray());
        }
    }

    /** A genuine delivery arrives before anybody opened its payment; then the shop opens it. */
    private CallbackLine unknownThenOpened(String outTradeNo, long fen) {
        var line = day.arrives(
                WeChatNotification.paid(outTradeNo, fen).at(Instant.now().minus(Duration.ofSeconds(5))));
        assertThat(line.outcome()).isEqualTo(Outcome.UNKNOWN_PAYMENT);
        jdbc.sql("""
                        INSERT INTO payment.payment (out_trade_no, purpose, reference, user_id, shard, provider, account,
                                                     method, description, amount, currency, created_at)
                        VALUES (:number, :purpose, 'O-NONE', 'user-early', 1, 'wechat', 'main', 'external', 'Tea', :fen,
                                'CNY', now())
                        """)
                .param("number", outTradeNo)
                .param("purpose", Orders.GOODS.code())
                .param("fen", fen)
                .update();
        return line;
    }

    private CallbackLine newest(String outTradeNo) {
        return callbacks
                .search(CallbackFilter.of(outTradeNo), new Paging(1, null))
                .items()
                .getFirst();
    }

    private static String link(CallbackLine line) {
        return "/admin/callbacks/" + line.callbackId();
    }

    private List<String> interventions(CallbackLine line) {
        return jdbc.sql("SELECT actor || ' ' || action FROM payment.intervention WHERE callback_id = :id ORDER BY id")
                .param("id", line.callbackId())
                .query((row, number) -> row.getString(1))
                .list();
    }

    private String paymentRow(String outTradeNo) {
        return jdbc.sql("SELECT p::text FROM payment.payment p WHERE out_trade_no = :number")
                .param("number", outTradeNo)
                .query((row, number) -> row.getString(1))
                .single();
    }

    /** All rows that a replay could touch. */
    private List<String> everything() {
        return jdbc.sql("""
                        SELECT p::text FROM payment.payment p WHERE due_at IS NULL
                        UNION ALL SELECT r::text FROM payment.refund r
                        UNION ALL SELECT c.id::text FROM payment.callback c
                        UNION ALL SELECT i::text FROM payment.intervention i
                        ORDER BY 1
                        """).query((row, number) -> row.getString(1)).list();
    }

    private static int rows(String page) {
        return page.split("<tr>", -1).length - 2;
    }

    private static String cursorIn(String page) {
        var cursor = Pattern.compile("cursor=([0-9a-f-]{36})").matcher(page);
        assertThat(cursor.find()).isTrue();
        return cursor.group(1);
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

    private static String text(MvcTestResult result) {
        try {
            return result.getResponse().getContentAsString();
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
