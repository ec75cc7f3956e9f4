package io.tallyhook.access.web;

import io.tallyhook.access.ApiCaller;
import io.tallyhook.access.ApiKeys;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Reads {@code Authorization: Bearer <api key>}. A wrong key is refused at once, even where none is needed. */
final class BearerKeys extends OncePerRequestFilter {

    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 512;

    private final ApiKeys keys;

    BearerKeys(ApiKeys keys) {
        this.keys = keys;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            chain.doFilter(request, response);
            return;
        }
        var caller = caller(header.substring(SCHEME.length()).strip());
        if (caller.isEmpty()) {
            refuse(request, response, "The API key is unknown or revoked.", " error=\"invalid_token\"");
            return;
        }
        var context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new ApiKeyLogin(caller.get()));
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    private Optional<ApiCaller> caller(String key) {
        return key.isEmpty() || key.length() > LONGEST ? Optional.empty() : keys.caller(key);
    }

    /** 401 with the way to do it right. */
    static void refuse(HttpServletRequest request, HttpServletResponse response, String why, String error)
            throws IOException {
        response.setHeader(
                HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"tallyhook\"" + (error.isEmpty() ? "" : "," + error));
        new Problem(HttpStatus.UNAUTHORIZED, "unauthorized", why).write(request, response);
    }

    static void askForKey(HttpServletRequest request, HttpServletResponse response) throws IOException {
        refuse(
                request,
                response,
                "Send an API key: \"Authorization: Bearer thk_…\". Keys are made in the admin pages.",
                "");
    }
}
