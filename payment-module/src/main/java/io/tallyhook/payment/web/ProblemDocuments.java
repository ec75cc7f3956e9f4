package io.tallyhook.payment.web;

import io.tallyhook.payment.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns whatever goes wrong in the merchant API into a problem document (RFC 9457) that says what to do. */
@RestControllerAdvice(annotations = RestController.class)
class ProblemDocuments extends ResponseEntityExceptionHandler {

    private static final Logger log = LoggerFactory.getLogger(ProblemDocuments.class);

    /** What stands before the stable suffix of a problem's type. */
    private static final String TYPE = "urn:tallyhook:problem:";

    @ExceptionHandler
    ResponseEntity<Object> on(Refusal refusal, HttpServletRequest request) {
        var problem = problem(refusal.status(), refusal.type(), refusal.detail());
        problem.setInstance(URI.create(request.getRequestURI()));
        refusal.properties().forEach(problem::setProperty);
        return answer(problem);
    }

    @ExceptionHandler
    ResponseEntity<Object> on(MethodArgumentTypeMismatchException mismatch, HttpServletRequest request) {
        return on(Refusal.badField(mismatch.getName(), "has a value that cannot be read"), request);
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<Object> onDatabaseAway(RuntimeException away, HttpServletRequest request) {
        log.error("{} {} failed: the database is away", request.getMethod(), request.getRequestURI(), away);
        return answer(problem(
                HttpStatus.SERVICE_UNAVAILABLE,
                "unavailable",
                "The database does not answer. Try again in a moment with the same Idempotency-Key."));
    }

    @ExceptionHandler
    ResponseEntity<Object> on(RuntimeException unforeseen, HttpServletRequest request) {
        for (Throwable cause = unforeseen; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                return on(refusal, request);
            }
        }
        log.error("{} {} failed", request.getMethod(), request.getRequestURI(), unforeseen);
        return answer(
                problem(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "internal-error",
                        "Something went wrong on our side. Nothing is half done: repeat the request with the same Idempotency-Key."));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
            MethodArgumentNotValidException invalid, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Map<String, String>> errors = invalid.getBindingResult().getFieldErrors().stream()
                .map(error -> Map.of("field", error.getField(), "message", String.valueOf(error.getDefaultMessage())))
                .toList();
        var detail = errors.stream()
                .map(error -> error.get("field") + " " + error.get("message"))
                .sorted()
                .collect(Collectors.joining("; ", "", "."));
        var problem = problem(HttpStatus.BAD_REQUEST, "bad-request", detail);
        problem.setProperty("errors", errors);
        return answer(problem);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException unreadable,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        for (Throwable cause = unreadable; cause != null; cause = cause.getCause()) {
            if (cause instanceof Refusal refusal) {
                return on(refusal, ((ServletWebRequest) request).getRequest());
            }
        }
        if (unreadable.getCause() instanceof JacksonException json) {
            var field = WrongField.in(json);
            if (field.isPresent()) {
                return on(field.get().refusal(), ((ServletWebRequest) request).getRequest());
            }
        }
        return answer(problem(HttpStatus.BAD_REQUEST, "bad-request", "The body is missing or is not valid JSON."));
    }

    /** What Spring MVC itself refuses (no such path, wrong method, wrong content type) takes the same shape. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem
                && (problem.getType() == null || problem.getType().equals(URI.create("about:blank")))) {
            problem.setType(type(status));
        }
        return new ResponseEntity<>(body, headers, status);
    }

    /** The type of a problem that has no name of its own: its status is its name. */
    static URI type(HttpStatusCode status) {
        var known = HttpStatus.resolve(status.value());
        return URI.create(TYPE
                + (known == null
                        ? "error"
                        : known.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    private static ProblemDetail problem(HttpStatus status, String type, String detail) {
        var problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create(TYPE + type));
        return problem;
    }

    private static ResponseEntity<Object> answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
