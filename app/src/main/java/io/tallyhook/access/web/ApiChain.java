package io.tallyhook.access.web;

import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import io.tallyhook.access.SecurityOrder;
import io.tallyhook.access.idempotency.IdempotencyFilter;
import io.tallyhook.access.idempotency.IdempotentRequests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/** The merchant API: by key only, without session; each call needs its scope, and each POST an Idempotency-Key. */
@Configuration(proxyBeanMethods = false)
class ApiChain {

    @Bean
    @Order(SecurityOrder.API)
    SecurityFilterChain apiSecurity(HttpSecurity http, ApiKeys keys, IdempotentRequests requests, ApiScopes scopes) {
        return http.securityMatcher("/api", "/api/**")
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // A controller asks request.isUserInRole("callbacks:raw"): scopes have no prefix.
                .servletApi(servlet -> servlet.rolePrefix(""))
                .headers(headers -> headers.contentSecurityPolicy(
                        policy -> policy.policyDirectives("default-src 'none'; frame-ancestors 'none'")))
                .authorizeHttpRequests(calls -> calls.anyRequest()
                        .access((login, call) ->
                                new AuthorizationDecision(mayCall(login.get(), call.getRequest(), scopes))))
                .exceptionHandling(errors -> errors.authenticationEntryPoint(
                                (request, response, e) -> BearerKeys.askForKey(request, response))
                        .accessDeniedHandler((request, response, e) -> refuse(request, response, scopes)))
                .addFilterBefore(new ApiFaults(), SecurityContextHolderFilter.class)
                .addFilterBefore(new BearerKeys(keys), AnonymousAuthenticationFilter.class)
                .addFilterAfter(new IdempotencyFilter(requests, ApiChain::keyId), AuthorizationFilter.class)
                .build();
    }

    private static boolean mayCall(Authentication login, HttpServletRequest request, ApiScopes scopes) {
        return login instanceof ApiKeyLogin key
                && required(request, scopes)
                        .filter(key.caller().scopes()::contains)
                        .isPresent();
    }

    private static Optional<Scope> required(HttpServletRequest request, ApiScopes scopes) {
        var path = request.getRequestURI().substring(request.getContextPath().length());
        return scopes.required(request.getMethod(), path);
    }

    private static long keyId(HttpServletRequest request) {
        if (request.getUserPrincipal() instanceof ApiKeyLogin key) {
            return key.caller().keyId();
        }
        throw new IllegalStateException("Only authenticated calls come this far");
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, ApiScopes scopes)
            throws IOException {
        if (!(request.getUserPrincipal() instanceof ApiKeyLogin)) {
            BearerKeys.askForKey(request, response);
            return;
        }
        required(request, scopes)
                .map(Scope::text)
                .map(text -> new Problem(
                        HttpStatus.FORBIDDEN, "missing-scope", "This API key lacks the scope %s.".formatted(text)))
                .orElseGet(() -> new Problem(HttpStatus.NOT_FOUND, "not-found", "There is no such call."))
                .write(request, response);
    }
}
