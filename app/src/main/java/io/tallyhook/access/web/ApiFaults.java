package io.tallyhook.access.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Whatever goes wrong in front of, behind or beside a controller: a caller of the API is told by a problem document. */
final class ApiFaults extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, new NoErrorPage(request, response));
        } catch (RuntimeException | ServletException e) {
            if (response.isCommitted()) {
                throw e;
            }
            logger.error("A call of the API failed: " + request.getMethod() + " " + request.getRequestURI(), e);
            response.resetBuffer();
            problem(e).write(request, response);
        }
    }

    private static Problem problem(Exception e) {
        return e instanceof DataAccessException
                ? new Problem(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "unavailable",
                        "The database does not answer. Try again in a moment.")
                : new Problem(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "internal-error",
                        "Something went wrong on our side. The reason is in the log; try again with the same Idempotency-Key.");
    }

    /** Keeps the container from answering with its own page. */
    private static final class NoErrorPage extends HttpServletResponseWrapper {

        private final HttpServletRequest request;

        NoErrorPage(HttpServletRequest request, HttpServletResponse response) {
            super(response);
            this.request = request;
        }

        @Override
        public void sendError(int status) throws IOException {
            sendError(status, "");
        }

        @Override
        public void sendError(int status, String message) throws IOException {
            var known = Optional.ofNullable(HttpStatus.resolve(status)).orElse(HttpStatus.INTERNAL_SERVER_ERROR);
            resetBuffer();
            switch (known) {
                case NOT_FOUND -> new Problem(known, "not-found", "There is no such call.").write(request, this);
                case METHOD_NOT_ALLOWED ->
                    new Problem(known, "method-not-allowed", "This call has another method.").write(request, this);
                default -> new Problem(known, "error", "This request cannot be answered.").write(request, this);
            }
        }
    }
}
