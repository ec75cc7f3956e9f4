package io.tallyhook.admin;

import io.tallyhook.orders.Order;
import io.tallyhook.orders.OrderState;
import io.tallyhook.orders.Orders;
import io.tallyhook.payment.Page;
import io.tallyhook.payment.Paging;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Goods orders, to look at. */
@Controller
@RequestMapping("/admin/orders")
class OrderPages {

    private final Orders orders;

    OrderPages(Orders orders) {
        this.orders = orders;
    }

    @GetMapping
    String list(
            @ModelAttribute("asked") OrderQuery query,
            @RequestParam(required = false) @Nullable String cursor,
            Model model) {
        model.addAttribute("page", page(query, Paging.of(null, cursor)));
        model.addAttribute("states", OrderState.values());
        return "admin/orders";
    }

    /** A number names one order at most; the other fields then only have to fit it. */
    private Page<Order> page(OrderQuery query, Paging paging) {
        var filter = query.filter();
        var number = Filled.text(query.number());
        if (number == null) {
            return orders.search(filter, paging);
        }
        var fits = orders.find(number).stream()
                .filter(order -> filter.state() == null || order.state() == filter.state())
                .filter(order ->
                        filter.userId() == null || order.userId().value().equals(filter.userId()))
                .toList();
        return new Page<>(fits, null);
    }

    @GetMapping("/{orderNo}")
    String detail(@PathVariable String orderNo, Model model) {
        var order = orders.get(orderNo);
        model.addAttribute("order", order);
        model.addAttribute("payments", orders.payments(orderNo));
        return "admin/order";
    }
}
