package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.Refusal;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;

/** What went wrong, as a page of the shop with the merchant API's own sentence and a way back. */
@ControllerAdvice(
        assignableTypes = {ShopPages.class, BalanceController.class, PayerPagesController.class, SimulatorPages.class})
@ConditionalOnProperty("tallyhook.sandbox.enabled")
@Order(Ordered.HIGHEST_PRECEDENCE)
class ShopProblems {

    /** What the merchant API answers and the customer can do something about; the rest is the shop's own trouble. */
    private static final Set<HttpStatus> SHOWN =
            Set.of(HttpStatus.BAD_REQUEST, HttpStatus.CONFLICT, HttpStatus.SERVICE_UNAVAILABLE);

    @ExceptionHandler
    ModelAndView problem(ShopProblem problem) {
        var status = HttpStatus.resolve(problem.status());
        return page(
                status != null && SHOWN.contains(status) ? status : HttpStatus.BAD_GATEWAY,
                problem.kind(),
                problem.text());
    }

    @ExceptionHandler
    ModelAndView refusal(Refusal refusal) {
        return page(refusal.status(), refusal.type(), refusal.detail());
    }

    @ExceptionHandler
    ModelAndView notFound(ResponseStatusException missing) {
        return page(HttpStatus.valueOf(missing.getStatusCode().value()), "", "");
    }

    @ExceptionHandler({MethodArgumentTypeMismatchException.class, MissingServletRequestParameterException.class})
    ModelAndView unreadable() {
        return page(HttpStatus.BAD_REQUEST, "", "");
    }

    private static ModelAndView page(HttpStatus status, String kind, String sentence) {
        var model = Map.of("status", status.value(), "kind", kind, "sentence", sentence);
        return new ModelAndView("sandbox/problem", model, status);
    }
}
