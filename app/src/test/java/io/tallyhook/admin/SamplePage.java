package io.tallyhook.admin;

import io.tallyhook.payment.FulfilmentState;
import io.tallyhook.payment.Money;
import io.tallyhook.payment.PaymentState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** A page that has every small part of the frame once: {@code templates/sample.html}. */
@TestConfiguration(proxyBeanMethods = false)
class SamplePage {

    @Bean
    Banner sampleBanner() {
        return () -> Optional.of(Banner.Notice.of("nav.overview").linkedTo("/shop", "nav.orders"));
    }

    /** Registered by hand, so that contexts which do not import this class have no such page. */
    @Bean
    Object sampleMapping(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mappings)
            throws NoSuchMethodException {
        var page = new SampleController();
        mappings.registerMapping(
                RequestMappingInfo.paths("/admin/sample")
                        .methods(RequestMethod.GET)
                        .build(),
                page,
                SampleController.class.getDeclaredMethod("sample", Model.class));
        return page;
    }

    static class SampleController {

        record Row(String number, PaymentState state, FulfilmentState fulfilment, Money amount, Instant at) {}

        String sample(Model model) {
            model.addAttribute(
                    "rows",
                    List.of(
                            row(1, PaymentState.PAID, FulfilmentState.SUCCEEDED, 123456),
                            row(2, PaymentState.PENDING, FulfilmentState.NONE, 1999),
                            row(3, PaymentState.PAID, FulfilmentState.PARKED, 10_000_000_000L),
                            row(4, PaymentState.CLOSED, FulfilmentState.NONE, 1),
                            row(5, PaymentState.PAID, FulfilmentState.FAILED, 500),
                            row(6, PaymentState.PARTIALLY_REFUNDED, FulfilmentState.REVERSED, 99900)));
            return "sample";
        }

        private static Row row(int number, PaymentState state, FulfilmentState fulfilment, long fen) {
            var at = Instant.parse("2026-11-23T01:02:03.456Z").plusSeconds(number * 61L);
            return new Row("P01JD3V8Q3J3M9XG0Z3N6Q5T7A" + number, state, fulfilment, Money.fen(fen), at);
        }
    }
}
