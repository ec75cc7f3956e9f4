package io.tallyhook.orders.web;

import io.tallyhook.orders.Order;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.PayWith;
import io.tallyhook.payment.PaymentView;
import io.tallyhook.payment.RequestId;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/orders")
class OrdersController {

    private final Orders orders;

    OrdersController(Orders orders) {
        this.orders = orders;
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    OrderView place(@RequestAttribute(RequestId.ATTRIBUTE) RequestId id, @Valid @RequestBody OrderBody body) {
        return view(orders.place(id, body.user(), body.lines()));
    }

    @GetMapping("/{orderNo}")
    OrderView order(@PathVariable String orderNo) {
        return view(orders.get(orderNo));
    }

    @PostMapping("/{orderNo}/payments")
    @ResponseStatus(HttpStatus.CREATED)
    PaymentView pay(
            @RequestAttribute(RequestId.ATTRIBUTE) RequestId id,
            @PathVariable String orderNo,
            @Valid @RequestBody PayWith how) {
        return PaymentView.of(orders.pay(id, orderNo, how.channel()));
    }

    @PostMapping("/{orderNo}/ship")
    OrderView ship(@RequestAttribute(RequestId.ATTRIBUTE) RequestId id, @PathVariable String orderNo) {
        return view(orders.ship(id, orderNo));
    }

    @PostMapping("/{orderNo}/complete")
    OrderView complete(@RequestAttribute(RequestId.ATTRIBUTE) RequestId id, @PathVariable String orderNo) {
        return view(orders.complete(id, orderNo));
    }

    @PostMapping("/{orderNo}/cancel")
    OrderView cancel(@RequestAttribute(RequestId.ATTRIBUTE) RequestId id, @PathVariable String orderNo) {
        return view(orders.cancel(id, orderNo));
    }

    private OrderView view(Order order) {
        return OrderView.of(order, orders.payments(order.orderNo()));
    }
}
