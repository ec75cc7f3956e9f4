package io.tallyhook.payment.web;

import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.Payments;
import io.tallyhook.payment.web.RefundViews.RefundView;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/payments")
class PaymentsController {

    private final Payments payments;
    private final RefundViews refunds;

    PaymentsController(Payments payments, RefundViews refunds) {
        this.payments = payments;
        this.refunds = refunds;
    }

    @GetMapping("/{outTradeNo}")
    PaymentView payment(@PathVariable String outTradeNo) {
        return PaymentView.of(payments.get(outTradeNo));
    }

    @PostMapping("/{outTradeNo}/close")
    PaymentView close(@PathVariable String outTradeNo) {
        return PaymentView.of(payments.close(outTradeNo));
    }

    @PostMapping("/{outTradeNo}/refunds")
    @ResponseStatus(HttpStatus.CREATED)
    RefundView refund(
            @PathVariable String outTradeNo, @Valid @RequestBody RefundBody body, HttpServletRequest request) {
        return refunds.request(body.request(outTradeNo, Caller.of(request)));
    }

    @GetMapping("/{outTradeNo}/refunds")
    RefundList refunds(@PathVariable String outTradeNo) {
        return new RefundList(refunds.of(outTradeNo));
    }

    @GetMapping("/{outTradeNo}/refunds/{refundNo}")
    RefundView refund(@PathVariable String outTradeNo, @PathVariable String refundNo) {
        return refunds.get(outTradeNo, refundNo);
    }

    /** A payment has few refunds: they come in one page. */
    record RefundList(List<RefundView> items) {}
}
