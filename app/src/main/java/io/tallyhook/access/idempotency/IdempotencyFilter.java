package io.tallyhook.access.idempotency;

import io.tallyhook.access.web.Problem;
import io.tallyhook.payment.RequestId;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Lets a POST happen once per Idempotency-Key and API key, and gives its answer again to whoever repeats it. Stands
 * behind authentication and authorisation, so that strangers neither fill the table nor learn of answers.
 */
public final class IdempotencyFilter extends OncePerRequestFilter {

    static final String HEADER = "Idempotency-Key";
    static final int LONGEST_KEY = 255;
    /** No call of the API has more to say. */
    static final int LONGEST_BODY = 256 * 1024;
    /** How long a repeat waits for the first to end. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyFilter.class);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final IdempotentRequests requests;
    private final ToLongFunction<HttpServletRequest> apiKey;

    /** @param apiKey tells the id of the API key that a request came with */
    public IdempotencyFilter(IdempotentRequests requests, ToLongFunction<HttpServletRequest> apiKey) {
        this.requests = requests;
        this.apiKey = apiKey;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var method = request.getMethod();
        if (!method.equals("POST") && !method.equals("PUT") && !method.equals("PATCH")) {
            chain.doFilter(request, response);
            return;
        }
        var read = ReadBody.of(request, LONGEST_BODY);
        if (read.isEmpty()) {
            response.setHeader(HttpHeaders.CONNECTION, "close");
            new Problem(HttpStatus.CONTENT_TOO_LARGE, "body-too-large", "The body may have at most 262144 bytes.")
                    .write(request, response);
        } else if (method.equals("POST")) {
            once(read.get(), response, chain);
        } else {
            chain.doFilter(read.get(), response);
        }
    }

    private void once(ReadBody request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var key = request.getHeader(HEADER);
        if (key == null || key.isEmpty() || key.length() > LONGEST_KEY || !printable(key)) {
            new Problem(
                            HttpStatus.BAD_REQUEST,
                            "idempotency-key-required",
                            "Every POST needs the header Idempotency-Key with 1 to 255 printable ASCII characters.")
                    .write(request, response);
            return;
        }
        switch (claim(request, key)) {
            case Claim.Won won -> work(won, key, request, response, chain);
            case Claim.Kept kept -> kept.answer().replay(response);
            case Claim.Different different ->
                new Problem(
                                HttpStatus.CONFLICT,
                                "idempotency-key-reused",
                                "This Idempotency-Key was used for another request. Take a new key for a new request.")
                        .write(request, response);
            case Claim.Running running -> {
                response.setHeader(HttpHeaders.RETRY_AFTER, "5");
                new Problem(
                                HttpStatus.CONFLICT,
                                "idempotency-key-in-use",
                                "The first request with this Idempotency-Key is still running. Repeat this one later.")
                        .write(request, response);
            }
        }
    }

    /** Asks until the key is free, answered or our patience is at its end. */
    private Claim claim(ReadBody request, String key) {
        var fingerprint = fingerprint(request);
        long id = apiKey.applyAsLong(request);
        long end = System.nanoTime() + PATIENCE.toNanos();
        var claim = requests.claim(id, key, fingerprint);
        while (claim instanceof Claim.Running && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
            claim = requests.claim(id, key, fingerprint);
        }
        return claim;
    }

    private void work(Claim.Won won, String key, ReadBody request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long id = apiKey.applyAsLong(request);
        request.setAttribute(RequestId.ATTRIBUTE, won.requestId());
        var answer = new ContentCachingResponseWrapper(response);
        boolean answered = false;
        try {
            chain.doFilter(request, answer);
            answered = true;
        } finally {
            if (!answered) {
                open(id, key, won.attempt());
            }
        }
        keep(id, key, won.attempt(), answer);
        answer.copyBodyToResponse();
    }

    /** The work is done: if only its answer cannot be kept, the caller gets it all the same. */
    private void keep(long id, String key, UUID attempt, ContentCachingResponseWrapper answer) {
        try {
            requests.finish(
                    id,
                    key,
                    attempt,
                    new Answer(
                            answer.getStatus(),
                            answer.getContentType(),
                            answer.getHeader(HttpHeaders.LOCATION),
                            answer.getContentAsByteArray()));
        } catch (DataAccessException e) {
            LOG.warn(
                    "The answer to a request could not be kept; a repeat will run it again under the same identity", e);
        }
    }

    /** If even this fails, the lease ends by itself; the error that brought us here is the one to be told. */
    private void open(long id, String key, UUID attempt) {
        try {
            requests.reopen(id, key, attempt, false);
        } catch (DataAccessException e) {
            LOG.warn("An Idempotency-Key stays taken until its lease ends", e);
        }
    }

    private static byte[] fingerprint(ReadBody request) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            var query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
            var line = request.getMethod() + " " + request.getRequestURI() + query + "\n";
            digest.update(line.getBytes(StandardCharsets.UTF_8));
            return digest.digest(request.bytes());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static boolean printable(String key) {
        return key.chars().allMatch(character -> character > ' ' && character < 0x7f);
    }
}
