package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.csrf;
import static org.springframework.security.test.web.servlet.request.SecurityMockMvcRequestPostProcessors.user;

import io.tallyhook.orders.OrderItem;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.Payment;
import io.tallyhook.payment.PaymentRequest;
import io.tallyhook.payment.RequestId;
import io.tallyhook.payment.UserId;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

/** Asking providers, the alarm of silence, and retrying many, in the browser. */
@AdminTest
class AskingPagesIntegrationTests {

    private final MockMvcTester http;
    private final Day day;
    private final Orders orders;
    private final Clock clock;
    private final JdbcClient jdbc;

    AskingPagesIntegrationTests(MockMvcTester http, Day day, Orders orders, Clock clock, JdbcClient jdbc) {
        this.http = http;
        this.day = day;
        this.orders = orders;
        this.clock = clock;
        this.jdbc = jdbc;
    }

    @AfterEach
    void itIsNotSilentAnyMore() {
        jdbc.sql("UPDATE payment.silence SET ended_at = began_at WHERE ended_at IS NULL")
                .update();
    }

    @Test
    void aPersonAsksTheProviderAndReadsWhatItSaid() {
        var page = "/admin/payments/" + orderedAtAlipay("user-ask").outTradeNo();
        assertThat(get(page)).bodyText().contains("Ask the provider", "has not been asked yet");

        var asked = post(page + "/ask");

        assertThat(asked).hasRedirectedUrl(page);
        assertThat(flash(asked).key()).isEqualTo("asked.UNCLEAR");
        assertThat(flash(asked).tone()).isEqualTo("bad");
        assertThat(get(page))
                .bodyText()
                .contains("A person asked", "No usable answer", "no complete answer from 127.0.0.1")
                .contains("mei", "asked the provider")
                .doesNotContain("has not been asked yet");
    }

    @Test
    void whereNobodyCanBeAskedThereIsNoButtonAndAKindRefusal() {
        var page = "/admin/payments/"
                + day.ordered("user-ask-nobody", "wechat", 900).outTradeNo();
        assertThat(get(page)).bodyText().doesNotContain("Ask the provider");

        var refused = flash(post(page + "/ask"));

        assertThat(refused.tone()).isEqualTo("bad");
        assertThat(refused.arguments().getFirst()).contains("so we cannot ask about it");
    }

    @Test
    void whatAProviderSaysIsTextAndNeverMarkup() {
        var payment = orderedAtAlipay("user-ask-markup");
        jdbc.sql("""
                        INSERT INTO payment.question
                          (out_trade_no, asked_at, provider, account, why, answered_at, answer, detail)
                        VALUES (:no, now(), 'alipay', 'main', 'USUAL', now(), 'OPEN', '<script>alert(1)</script>')
                        """).param("no", payment.outTradeNo()).update();

        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .bodyText()
                .contains("&lt;script&gt;alert(1)")
                .doesNotContain("<script>alert(1)");
    }

    @Test
    void aQuestionWhoseAnswerWasLostIsShownAsSuch() {
        var payment = orderedAtAlipay("user-ask-lost");
        jdbc.sql(
                        "INSERT INTO payment.question (out_trade_no, asked_at, provider, account, why) VALUES (:no, now(), 'alipay', 'main', 'EXPIRED')")
                .param("no", payment.outTradeNo())
                .update();

        assertThat(get("/admin/payments/" + payment.outTradeNo()))
                .bodyText()
                .contains("It had expired: to close it", "No answer was recorded");
    }

    @Test
    void aSilentAccountIsABannerOnEveryPageAndALineOnTheOverview() {
        silent("wechat", "FOUND_PAID");
        silent("alipay", "NONE_FOR_OPENED");

        assertThat(get("/admin/payments")).bodyText().contains("No callbacks come from a provider", "/admin#silent");
        assertThat(get("/admin"))
                .bodyText()
                .contains("Callbacks that do not come", "3 payments were found paid by asking")
                .contains("20 payments were opened since the last callback", "16 callbacks are missing");
        assertThat(get("/admin?lang=zh-CN")).bodyText().contains("应到未到的通知", "通过查询发现 3 笔已支付");

        itIsNotSilentAnyMore();
        assertThat(get("/admin?lang=en")).bodyText().doesNotContain("Callbacks that do not come", "/admin#silent");
    }

    @Test
    void whoIsNotSignedInDoesNotSeeTheAlarm() {
        silent("wechat", "FOUND_PAID");

        assertThat(http.get().uri("/admin/login").exchange()).bodyText().doesNotContain("/admin#silent");
    }

    @Test
    void allThatFitAFilterAreCountedRetriedAndFollowed() {
        var first = failed("user-retry-all");
        var second = failed("user-retry-all");
        var other = failed("user-retry-other");
        assertThat(get("/admin/payments?user=user-retry-all")).bodyText().contains("Retry all that fit");

        assertThat(get("/admin/payments/retries/new?user=user-retry-all"))
                .hasStatusOk()
                .bodyText()
                .contains("2 payments fit this filter", "name=\"user\" value=\"user-retry-all\"")
                .doesNotContain("name=\"provider\"");
        assertThat(day.now(first).fulfilment()).isEqualTo(FulfilmentState.FAILED);
        var begun = post("/admin/payments/retries?user=user-retry-all");

        var page = Objects.requireNonNull(begun.getResponse().getRedirectedUrl());
        assertThat(get(page)).hasStatusOk().bodyText().contains("user=user-retry-all", "of 2 payments");
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> day.now(first).fulfilment() == FulfilmentState.SUCCEEDED
                        && day.now(second).fulfilment() == FulfilmentState.SUCCEEDED);
        assertThat(get(page)).bodyText().contains("Done", "2 of 2 payments").doesNotContain("hx-trigger");
        assertThat(get("/admin/payments/retries")).bodyText().contains("user=user-retry-all", "2 / 2");
        assertThat(day.now(other).fulfilment()).isEqualTo(FulfilmentState.FAILED);
        assertThat(flash(post(page + "/cancel")).arguments()).containsExactly("This retry has ended already.");
    }

    @Test
    void aFilterThatNothingFitsCannotBeRetried() {
        assertThat(get("/admin/payments/retries/new?user=nobody-at-all"))
                .bodyText()
                .contains("Nothing to retry")
                .doesNotContain("<button type=\"submit\" class=\"btn btn-primary\"");

        assertThat(flash(post("/admin/payments/retries?user=nobody-at-all")).tone())
                .isEqualTo("bad");
    }

    @Test
    void aRetryThatDoesNotExistIsNotFound() {
        assertThat(get("/admin/payments/retries/999999")).hasStatus(404);
    }

    private Payment orderedAtAlipay(String user) {
        var item = new OrderItem("TEA-1", "Tea pot", 1, Money.fen(1_200));
        var order = orders.place(RequestId.fresh(clock), new UserId(user), List.of(item));
        return orders.pay(
                RequestId.fresh(clock),
                order.orderNo(),
                new PaymentRequest.Channel("alipay", "main", "page", null, Map.of()));
    }

    /** Due in an hour, so that only a person's retry brings it before that. */
    private Payment failed(String user) {
        var payment = day.ordered(user, "wechat", 2_700);
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = 'T' || out_trade_no, paid_at = now(),
                            fulfilment = 'FAILED', fulfilment_error = 'no stock', due_at = now() + interval '1 hour',
                            version = version + 1
                        WHERE out_trade_no = :no
                        """).param("no", payment.outTradeNo()).update();
        return payment;
    }

    private void silent(String provider, String cause) {
        jdbc.sql("""
                        INSERT INTO payment.silence
                          (provider, account, began_at, last_heard, cause, opened, expected, found)
                        VALUES (:provider, 'main', now(), now() - interval '1 h', :cause, 20, 16, 3)
                        """).param("provider", provider).param("cause", cause).update();
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
                .uri(URI.create(uri))
                .with(user("mei").roles("ADMIN"))
                .with(csrf())
                .exchange();
    }
}
