package io.tallyhook.payment.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.NoHandlerFoundException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/**
 * Problem documents for calls of the merchant API that reach no controller: an unknown path, a wrong method or content
 * type. Pages have error pages of their own.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class UnmappedApiCalls {

    private static final String API = "/api/";

    @ExceptionHandler({
        NoResourceFoundException.class,
        NoHandlerFoundException.class,
        HttpRequestMethodNotSupportedException.class,
        HttpMediaTypeNotSupportedException.class,
        HttpMediaTypeNotAcceptableException.class
    })
    ResponseEntity<ProblemDetail> on(Exception unmapped, HttpServletRequest request) throws Exception {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        if (!path.startsWith(API) || !(unmapped instanceof ErrorResponse error)) {
            throw unmapped;
        }
        var problem = error.getBody();
        if (unmapped instanceof NoResourceFoundException || unmapped instanceof NoHandlerFoundException) {
            problem.setDetail("There is nothing at %s.".formatted(path));
        }
        problem.setType(ProblemDocuments.type(error.getStatusCode()));
        return ResponseEntity.status(error.getStatusCode())
                .headers(error.getHeaders())
                .body(problem);
    }
}
