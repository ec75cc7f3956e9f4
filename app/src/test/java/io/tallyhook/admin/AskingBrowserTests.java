package io.tallyhook.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tallyhook.testing.Browser;

/** Questions, silence and retries of many, in Chromium. */
@AdminTest
class AskingBrowserTests {

    private final Day day;
    private final JdbcClient jdbc;

    AskingBrowserTests(Day day, JdbcClient jdbc) {
        this.day = day;
        this.jdbc = jdbc;
    }

    @AfterEach
    void itIsNotSilentAnyMore() {
        jdbc.sql("UPDATE payment.silence SET ended_at = began_at WHERE ended_at IS NULL")
                .update();
    }

    @Test
    void thePagesCanBeUsedByEverybodyInBothLanguagesAndOnAPhone() {
        var pages = pages();
        var browser = Browser.at(day.port()).login(AdminTest.USERNAME, AdminTest.PASSWORD);
        var barriers = new ArrayList<String>();
        for (var language : new String[] {"en", "zh-CN"}) {
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

    private Map<String, String> pages() {
        var payment = day.ordered("sun-yi-1990", "wechat", 8_800);
        failed(day.ordered("sun-yi-1990", "alipay", 5_500).outTradeNo());
        asked(payment.outTradeNo(), "USUAL", "OPEN", null, "NOTPAY");
        asked(payment.outTradeNo(), "PERSON", "UNCLEAR", null, "no complete answer from api.mch.weixin.qq.com");
        asked(payment.outTradeNo(), "EXPIRED", "PAID", "CONFIRMED", "4200002345202601311234567890");
        jdbc.sql(
                        "INSERT INTO payment.question (out_trade_no, asked_at, provider, account, why) VALUES (:no, now(), 'wechat', 'main', 'SIBLING_PAID')")
                .param("no", payment.outTradeNo())
                .update();
        silent("wechat", "FOUND_PAID");
        silent("alipay", "NONE_FOR_OPENED");
        var done = job("DONE", 1200, null);
        var stopped = job("CANCELLED", 300, "jun");

        var pages = new LinkedHashMap<String, String>();
        pages.put("overview-silent", "/admin");
        pages.put("payment-asked", "/admin/payments/" + payment.outTradeNo());
        pages.put("payments-filtered", "/admin/payments?user=sun-yi-1990");
        pages.put("retry-new", "/admin/payments/retries/new?user=sun-yi-1990");
        pages.put("retry-done", "/admin/payments/retries/" + done);
        pages.put("retry-stopped", "/admin/payments/retries/" + stopped);
        pages.put("retries", "/admin/payments/retries");
        return pages;
    }

    private void asked(String outTradeNo, String why, String answer, @Nullable String outcome, String detail) {
        jdbc.sql("""
                        INSERT INTO payment.question
                          (out_trade_no, asked_at, provider, account, why, answered_at, answer, outcome, detail)
                        VALUES (:no, now() - random() * interval '1 h', 'wechat', 'main', :why, now(), :answer, :outcome, :detail)
                        """)
                .param("no", outTradeNo)
                .param("why", why)
                .param("answer", answer)
                .param("outcome", outcome)
                .param("detail", detail)
                .update();
    }

    private void failed(String outTradeNo) {
        jdbc.sql("""
                        UPDATE payment.payment
                        SET state = 'PAID', provider_transaction_id = 'T' || out_trade_no, paid_at = now(),
                            fulfilment = 'FAILED', fulfilment_error = 'no stock', due_at = now() + interval '1 hour',
                            version = version + 1
                        WHERE out_trade_no = :no
                        """).param("no", outTradeNo).update();
    }

    private void silent(String provider, String cause) {
        jdbc.sql("""
                        INSERT INTO payment.silence
                          (provider, account, began_at, last_heard, cause, opened, expected, found)
                        VALUES (:provider, 'main', now(), now() - interval '1 h', :cause, 20, 16, 3)
                        """).param("provider", provider).param("cause", cause).update();
    }

    private long job(String state, int through, @Nullable String cancelledBy) {
        return jdbc.sql("""
                        INSERT INTO payment.retry_job
                          (created_at, actor, filter, found, retried, skipped, state, finished_at, cancelled_by)
                        VALUES (now(), 'mei', 'fulfilment=FAILED provider=wechat', 1234, :through, 34, :state, now(), :by)
                        RETURNING id
                        """)
                .param("state", state)
                .param("through", through)
                .param("by", cancelledBy)
                .query(Long.class)
                .single();
    }
}
