package io.tallyhook.sandbox.shop;

import io.tallyhook.payment.Refusal;
import org.jspecify.annotations.Nullable;
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
@ControllerAdvice(assignableTypes = {ShopPages.class, PayerPagesController.class, SimulatorPages.class})
@ConditionalOnProperty("tallyhook.sandbox.enabled")
@Order(Ordered.HIGHEST_PRECEDENCE)
class ShopProblems {

    @ExceptionHandler
    ModelAndView problem(ShopProblem problem) {
        var ours =
                problem.status() == HttpStatus.BAD_REQUEST.value() || problem.status() == HttpStatus.CONFLICT.value();
        return page(ours ? HttpStatus.valueOf(problem.status()) : HttpStatus.BAD_GATEWAY, problem.text());
    }

    @ExceptionHandler
    ModelAndView refusal(Refusal refusal) {
        return page(refusal.status(), refusal.detail());
    }

    @ExceptionHandler
    ModelAndView notFound(ResponseStatusException missing) {
        return page(HttpStatus.valueOf(missing.getStatusCode().value()), null);
    }

    @ExceptionHandler({MethodArgumentTypeMismatchException.class, MissingServletRequestParameterException.class})
    ModelAndView unreadable() {
        return page(HttpStatus.BAD_REQUEST, null);
    }

    private static ModelAndView page(HttpStatus status, @Nullable String sentence) {
        var model = new java.util.HashMap<String, @Nullable Object>();
        model.put("status", status.value());
        model.put("sentence", sentence == null ? "" : sentence);
        return new ModelAndView("sandbox/problem", model, status);
    }
}
