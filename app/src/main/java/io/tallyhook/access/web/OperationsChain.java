package io.tallyhook.access.web;

import io.tallyhook.access.ApiKeys;
import io.tallyhook.access.Scope;
import io.tallyhook.access.SecurityOrder;
import io.tallyhook.access.login.People;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.context.SecurityContextHolderFilter;

/** Metrics and the API's description: for programs by key, for administrators by their login. */
@Configuration(proxyBeanMethods = false)
class OperationsChain {

    private static final String METRICS = "/actuator/prometheus";

    /** Swagger UI styles its elements inline. */
    private static final String POLICY = PageHeaders.CONTENT_SECURITY_POLICY + "; style-src 'self' 'unsafe-inline'";

    @Bean
    @Order(SecurityOrder.OPERATIONS)
    SecurityFilterChain operationsSecurity(HttpSecurity http, ApiKeys keys, People people) {
        return http.securityMatcher(METRICS, "/v3/api-docs", "/v3/api-docs/**", "/swagger-ui.html", "/swagger-ui/**")
                .csrf(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.NEVER))
                .headers(headers -> {
                    PageHeaders.strict(headers);
                    headers.contentSecurityPolicy(policy -> policy.policyDirectives(POLICY));
                })
                .authorizeHttpRequests(requests -> requests.requestMatchers(METRICS)
                        .access((login, call) -> new AuthorizationDecision(mayReadMetrics(login.get())))
                        .anyRequest()
                        .access((login, call) -> new AuthorizationDecision(isKnown(login.get()))))
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint((request, response, e) -> ask(request, response))
                                .accessDeniedHandler((request, response, e) -> refuse(request, response)))
                .addFilterAfter(new ShutOut(people), SecurityContextHolderFilter.class)
                .addFilterBefore(new BearerKeys(keys), AnonymousAuthenticationFilter.class)
                .build();
    }

    private static boolean mayReadMetrics(Authentication login) {
        return login instanceof ApiKeyLogin key ? key.caller().scopes().contains(Scope.METRICS_READ) : isAdmin(login);
    }

    private static boolean isKnown(Authentication login) {
        return login instanceof ApiKeyLogin || isAdmin(login);
    }

    private static boolean isAdmin(Authentication login) {
        return AuthorityUtils.authorityListToSet(login.getAuthorities()).contains("ROLE_ADMIN");
    }

    private static void ask(HttpServletRequest request, HttpServletResponse response) throws IOException {
        var accepted = request.getHeader(HttpHeaders.ACCEPT);
        if (accepted != null && accepted.contains(MediaType.TEXT_HTML_VALUE)) {
            response.sendRedirect(request.getContextPath() + "/admin/login");
        } else {
            BearerKeys.askForKey(request, response);
        }
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        new Problem(HttpStatus.FORBIDDEN, "missing-scope", "This API key lacks the scope metrics:read.")
                .write(request, response);
    }
}
